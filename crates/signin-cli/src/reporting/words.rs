//! The client's advice in the words of the program: its users have options, no builder.

use signin_core::Error;

/// What the client says, and what a user of the program does.
const WORDS: &[(&str, &str)] = &[
    ("give root certificates to the builder", "name their file with --ca-file"),
    ("give the builder its root certificate", "name its root certificate with --ca-file"),
    ("give credentials by the builder instead", "leave them out: the key goes into a variable"),
    ("ask for smaller pages, or raise the body cap", "ask for smaller pages: see --help"),
    ("token URL: ", "--auth-url: "),
    ("run again from the checkpoint; nothing is lost", "run it again"),
    ("then run again from the checkpoint", "then run it again"),
    ("resume later from the checkpoint", "run it again later"),
    ("wait, then resume", "wait, then run it again"),
    ("resume later", "run it again later"),
    ("; older self-hosted tenants want user_token(), with user_email()", ""),
    (
        "resume with the call and the arguments that made it, or start anew",
        "give the options that made it, or remove the file to start anew",
    ),
    ("take an older copy of it, or start anew", "remove the file to start anew"),
    (
        "try client_secret_post(): an app takes one way only",
        "try the other --client-auth: an app takes one way only",
    ),
    (
        "check region and auth_environment(): the app's",
        "check --region and --auth-environment: the app's",
    ),
    (
        "auth_environment and token_url go with client_secret() only",
        "--auth-environment and --auth-url go with PINGONE_CLIENT_SECRET only",
    ),
    (
        "token_url is a whole address: auth_environment has no place in it",
        "--auth-url is a whole address: --auth-environment has no place in it",
    ),
    ("skip tokens die: run again, and walk long ranges by sign_ins().window()", "run it again"),
    (
        "ask for a shorter range of time: sign_ins().window() halves it by itself",
        "run it again later",
    ),
    (
        "auth_url goes with an application only",
        "--auth-url goes with an application only, not a token",
    ),
    ("its bytes are kept in the error; resume from the checkpoint", "run it again later"),
    ("or set scope()", "or set --scope"),
    (
        "get a new token: it is good for an hour, and for its own environment only",
        "check --environment: a token is good for its own environment only",
    ),
    ("by client_credentials()", "by --auth-url and --auth-encoding"),
    (
        "check client_id and event(): the newer API demands Login",
        "check the client id and --event: the newer API demands login",
    ),
];

/// The error's line for a user of the program.
pub(crate) fn in_the_programs_words(error: &Error) -> String {
    let line = error.to_string();
    WORDS.iter().fold(line, |line, (client, program)| line.replace(client, program))
}

#[cfg(test)]
mod tests {
    use signin_core::ErrorKind;

    use super::*;

    #[test]
    fn what_a_builder_would_do_is_said_as_what_an_option_does() {
        for (advice, said) in [
            (
                "install CA certificates, or give root certificates to the builder",
                "install CA certificates, or name their file with --ca-file",
            ),
            (
                "check the base URL; where an authority of your own issued it, give the builder its root certificate",
                "check the base URL; where an authority of your own issued it, name its root certificate with --ca-file",
            ),
            ("run again from the checkpoint; nothing is lost", "run it again"),
            ("nothing was sent; check the argument", "nothing was sent; check the argument"),
            ("ask for smaller pages, or raise the body cap", "ask for smaller pages: see --help"),
            (
                "ask for smaller pages, or resume later from the checkpoint",
                "ask for smaller pages, or run it again later",
            ),
            ("wait, then resume; the limit counts", "wait, then run it again; the limit counts"),
            (
                "it is empty: check the base URL, or resume later",
                "it is empty: check the base URL, or run it again later",
            ),
        ] {
            let error = Error::new(ErrorKind::Network, "TLS", "it failed", advice);
            assert_eq!(in_the_programs_words(&error), format!("TLS: it failed; {said}"));
        }
    }
}
