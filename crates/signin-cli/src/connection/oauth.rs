//! How the program signs in to a service as an app: ids, secrets, certificates and tokens, each by
//! its name from a variable, a file or the service manager's credentials.

use std::sync::Arc;

use signin_core::CertificateAssertion;
use signin_core::{ClientAssertion, ClientSecret, Deferred, Error, ErrorKind, Secret};

use super::environment::Environment;
use super::secrets::{Fresh, Key, SecretSource, find_any, how_to_give, only_one};
use crate::commands::fetch::plan::Plan;
use crate::reporting::reporter::Reporter;

/// Where proofs are looked for. Each is found by any of some names, the vendor's own first; two at
/// once are refused.
pub(crate) struct Proofs<'a> {
    environment: &'a Environment,
    reporter: &'a Reporter,
}

impl<'a> Proofs<'a> {
    pub(crate) fn new(plan: &'a Plan<'_>) -> Self {
        Self { environment: &plan.environment, reporter: plan.reporter }
    }

    /// A client's or tenant's id, which is no secret, but may be kept with one.
    ///
    /// # Errors
    /// What to change: also where there is none.
    pub(crate) fn id(&self, what: &str, names: &[&str]) -> Result<String, String> {
        let place = find_any(names, self.environment)?.ok_or_else(|| {
            let name = names.first().copied().unwrap_or_default();
            format!("there is no {what}; {}", how_to_give(name))
        })?;
        let (text, _) = place.text()?;
        if text.trim().is_empty() || text.contains(char::is_control) {
            return Err(format!("{} is not one line with the {what} on it", place.name()));
        }
        Ok(text)
    }

    /// An option's id, or else one of these names.
    ///
    /// # Errors
    /// As [`id`](Self::id).
    pub(crate) fn id_or(
        &self,
        option: Option<&String>,
        what: &str,
        names: &[&str],
    ) -> Result<String, String> {
        option.map_or_else(|| self.id(what, names), |id| Ok(id.clone()))
    }

    /// Under which of its names something is given; the first one where it is not.
    ///
    /// # Errors
    /// A variable that is no text.
    pub(crate) fn name(&self, names: &[&'static str]) -> Result<&'static str, String> {
        for name in names {
            if find_any(&[name], self.environment)?.is_some() {
                return Ok(name);
            }
        }
        Ok(names.first().copied().unwrap_or_default())
    }

    /// Whether something is given by any of these names.
    ///
    /// # Errors
    /// As [`name`](Self::name).
    pub(crate) fn is_given(&self, names: &[&str]) -> Result<bool, String> {
        Ok(find_any(names, self.environment)?.is_some())
    }

    /// A client secret; one in a file is read again for each token.
    ///
    /// # Errors
    /// What to change about it.
    pub(crate) fn secret(&self, names: &[&str]) -> Result<Option<ClientSecret>, String> {
        let Some(place) = find_any(names, self.environment)? else { return Ok(None) };
        let (secret, warning) = place.secret()?;
        self.warn(warning);
        Ok(Some(match place {
            SecretSource::Variable { .. } => secret.into(),
            SecretSource::File(_) => ClientSecret::from_source(Fresh(place)),
        }))
    }

    /// A token; one in a file is read again when the service refuses what it held.
    ///
    /// # Errors
    /// What to change about it.
    pub(crate) fn token(&self, names: &[&str]) -> Result<Option<Key>, String> {
        let Some(place) = find_any(names, self.environment)? else { return Ok(None) };
        let (key, warning) = Key::new(place)?;
        self.warn(warning);
        Ok(Some(key))
    }

    /// A certificate and its key, PEM texts one after the other; those in a file are read again
    /// for each token. Other tools of the vendor's may name such a file by a variable of theirs.
    ///
    /// # Errors
    /// What to change about them.
    pub(crate) fn certificate(
        &self,
        names: &[&str],
        path_variable: Option<&str>,
        sign: Sign,
    ) -> Result<Option<Certificate>, String> {
        let own = find_any(names, self.environment)?.map(|place| (place.name(), place));
        let other = path_variable.and_then(|name| {
            let path = self.environment.get(name)?;
            Some((name.to_owned(), SecretSource::File(path.into())))
        });
        let Some(place) = only_one(own.into_iter().chain(other).collect())? else {
            return Ok(None);
        };
        let (text, warning) = place.text()?;
        let signer = signer(&place, &text, sign)?;
        self.warn(warning);
        Ok(Some(match place {
            SecretSource::Variable { .. } => Certificate(Arc::new(signer)),
            SecretSource::File(_) => Certificate(Arc::new(FreshCertificate { place, sign })),
        }))
    }

    /// A token that a platform gives out to prove an app (workload identity); it is read again for
    /// each token of the service's.
    ///
    /// # Errors
    /// What to change about it.
    pub(crate) fn federated(&self, names: &[&str]) -> Result<Option<Fresh>, String> {
        let Some(place) = find_any(names, self.environment)? else { return Ok(None) };
        place.secret()?;
        Ok(Some(Fresh(place)))
    }

    fn warn(&self, warning: Option<String>) {
        if let Some(warning) = warning {
            self.reporter.warn(&warning);
        }
    }
}

/// The one of several credentials that is there, by the names under which they are given.
///
/// # Errors
/// What to change, where there is none or two.
pub(crate) fn the_one<T, const N: usize>(
    offers: [(&'static str, Option<T>); N],
) -> Result<T, String> {
    let names = offers.each_ref().map(|(name, _)| *name);
    let given = offers.into_iter().filter_map(|(name, offer)| Some((name.to_owned(), offer?)));
    only_one(given.collect())?.ok_or_else(|| {
        let [first, rest @ ..] = names.as_slice() else { return String::new() };
        let others = match rest {
            [] => String::new(),
            rest => format!("; {} would do as well", rest.join(" or ")),
        };
        format!("there is no credential; {}{others}", how_to_give(first))
    })
}

/// How a vendor wants assertions to be signed.
pub(crate) type Sign = fn(&[u8], Secret) -> Result<CertificateAssertion, Error>;

/// Signs assertions by a certificate's key.
pub(crate) struct Certificate(Arc<dyn ClientAssertion>);

impl ClientAssertion for Certificate {
    fn assertion<'a>(
        &'a self,
        client_id: &'a str,
        audience: &'a str,
    ) -> Deferred<'a, Result<Secret, Error>> {
        self.0.assertion(client_id, audience)
    }
}

/// A certificate in a file, which may be replaced.
struct FreshCertificate {
    place: SecretSource,
    sign: Sign,
}

impl ClientAssertion for FreshCertificate {
    fn assertion<'a>(
        &'a self,
        client_id: &'a str,
        audience: &'a str,
    ) -> Deferred<'a, Result<Secret, Error>> {
        Box::pin(async move {
            let (text, _) = self.place.text().map_err(unusable)?;
            let signer = signer(&self.place, &text, self.sign).map_err(unusable)?;
            signer.assertion(client_id, audience).await
        })
    }
}

fn unusable(why: String) -> Error {
    Error::new(ErrorKind::Config, "certificate", why, "mend it, then run it again")
}

fn signer(place: &SecretSource, text: &str, sign: Sign) -> Result<CertificateAssertion, String> {
    let name = place.name();
    if !text.contains("-----BEGIN ") {
        return Err(format!(
            "{name} holds no PEM text; it is to hold a certificate and its key: -----BEGIN \
             CERTIFICATE----- and -----BEGIN PRIVATE KEY-----"
        ));
    }
    sign(text.as_bytes(), text.into()).map_err(|error| format!("{name}: {error}"))
}
