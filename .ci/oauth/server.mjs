// An OAuth server that nobody here wrote (oidc-provider), and a small API behind it, on loopback.
// The client under test must get its tokens by every way of proving itself that it offers.
//
// Prints `http://127.0.0.1:PORT` once it listens. Ends with its standard input.
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const keys = new URL('../../crates/signin-core/tests/keys/', import.meta.url);
const certificate = new X509Certificate(readFileSync(new URL('rsa.cert.pem', keys)));
const jwk = certificate.publicKey.export({ format: 'jwk' });
const thumbprint = certificate.fingerprint.replaceAll(':', '');

const client = (client_id, method, more) => ({
  client_id,
  token_endpoint_auth_method: method,
  grant_types: ['client_credentials'],
  response_types: [],
  redirect_uris: [],
  scope: 'logs.read',
  ...more,
});
// Everything that form encoding changes, in id and secret.
const secret = 'se/cret+of = the:app%20&0123456789';
const signed = (alg, key) => ({
  token_endpoint_auth_signing_alg: alg,
  jwks: { keys: [{ ...jwk, use: 'sig', alg, ...key }] },
});

const server = createServer();
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const base = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(base, {
  clients: [
    client('post', 'client_secret_post', { client_secret: secret }),
    client('ba:sic app', 'client_secret_basic', { client_secret: secret }),
    client('rs256', 'private_key_jwt', signed('RS256', { kid: thumbprint })),
    client('ps256', 'private_key_jwt', signed('PS256', {})),
  ],
  clientAuthMethods: ['client_secret_post', 'client_secret_basic', 'private_key_jwt'],
  enabledJWA: { clientAuthSigningAlgValues: ['RS256', 'PS256'] },
  features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
  scopes: ['logs.read'],
  ttl: { ClientCredentials: 600 },
});

// Ten pages of one record each. A token is good for three of them, whatever its life.
const uses = new Map();
async function events(request, response) {
  const value = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  const token = value && (await provider.ClientCredentials.find(value));
  const used = (uses.get(value) ?? 0) + 1;
  uses.set(value, used);
  const good = token && token.scope === 'logs.read' && used <= 3;
  const page = Number(new URL(request.url, base).searchParams.get('cursor') ?? 1);
  const body = good
    ? { data: [{ user: token.clientId, count: page }], cursor: page < 10 ? page + 1 : null }
    : { message: 'the token is over' };
  response.writeHead(good ? 200 : 401, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

const oauth = provider.callback();
server.on('request', (request, response) =>
  request.url.startsWith('/v1/events') ? events(request, response) : oauth(request, response));
console.log(base);
process.stdin.resume().on('end', () => process.exit(0));
