//! One sign-in: `GET /auditLogs/signIns/{id}`.

use signin_core::{PageField, Paging, RateLimit, Request, Segment};

use crate::client::sign_ins::{get, selection};
use crate::{
    ApiVersion, Client, Error, ErrorKind, Id, Operation, PageLayout, Record, Rejected, Result,
    SignIn, SignInEventType, SignIns,
};

/// One sign-in: the bare record as the service sends it, or a list that holds it as documented.
const SIGN_IN: PageLayout = PageLayout(&[
    (PageField::Records, &[]),
    (PageField::Records, &["value"]),
    (PageField::Error, &["error"]),
]);

/// One sign-in, by its id.
///
/// Made by [`Client::sign_in`]; [`send`](Self::send) asks for it.
#[derive(Debug, Clone)]
#[must_use = "nothing is fetched before send()"]
pub struct SignInById {
    client: Client,
    id: Id,
    version: ApiVersion,
    select: Vec<String>,
}

type Row = std::result::Result<Record<SignIn>, Rejected>;

impl SignInById {
    pub(crate) fn new(client: Client, id: Id) -> Self {
        Self { client, id, version: ApiVersion::default(), select: Vec::new() }
    }

    /// Asks this version. Default v1.0, which knows interactive sign-ins.
    pub fn api_version(mut self, version: ApiVersion) -> Self {
        self.version = version;
        self
    }

    /// Only these members, by their names on the wire: `$select`. See [`SignIns::select`].
    pub fn select<S: Into<String>>(mut self, members: impl IntoIterator<Item = S>) -> Self {
        self.select.extend(members.into_iter().map(Into::into));
        self
    }

    /// Asks for the sign-in.
    ///
    /// The service answers with the bare record, or as documented with a list that holds it. It
    /// does not find each record that its list shows: after a 404 the list is asked for this id,
    /// in beta for all kinds of sign-ins.
    ///
    /// # Errors
    /// Every kind. [`ErrorKind::NotFound`] if neither way finds it; [`ErrorKind::Decode`] if the
    /// answer holds none, another one or several, which a list does where a record was revised:
    /// then read them all by [`SignIns::id`].
    pub async fn send(self) -> Result<Record<SignIn>> {
        match self.client.execute(&self).await {
            Ok(page) => self.only(page.into_rows()),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let page = self.clone().in_list().first_page().await?;
                if page.rows().is_empty() { Err(error) } else { self.only(page.into_rows()) }
            }
            Err(error) => Err(error),
        }
    }

    /// The list of the records with this id: several where the sign-in was revised.
    pub fn in_list(self) -> SignIns {
        let list = self.client.sign_ins().id(self.id).api_version(self.version);
        let list = list.select(self.select);
        match self.version {
            ApiVersion::V1 => list,
            ApiVersion::Beta => list.event_types(SignInEventType::ALL),
        }
    }

    /// The one record among rows that must be one, and the one that was asked for.
    fn only(&self, rows: Vec<Row>) -> Result<Record<SignIn>> {
        let number = rows.len();
        let mut rows = rows.into_iter();
        let (Some(row), None) = (rows.next(), rows.next()) else {
            let why = format!("the answer holds {number} sign-ins, not one");
            return Err(unexpected(why, "a revised one has several rows: see sign_ins().id()"));
        };
        let record = row.map_err(|rejected| Error::from_rejected(WHAT, rejected))?;
        self.check(&record)?;
        Ok(record)
    }

    /// Whether a record of the answer is the one that was asked for: for who reads this operation
    /// by [`Client::items`].
    ///
    /// # Errors
    /// [`ErrorKind::Decode`] if it is another one, or no sign-in at all.
    pub fn check(&self, record: &SignIn) -> Result<()> {
        match record.id.as_deref() {
            Some(id) if id.eq_ignore_ascii_case(&self.id) => Ok(()),
            Some(_) => {
                Err(unexpected("the answer holds another sign-in", "check what is in between"))
            }
            None => Err(unexpected("the answer holds no sign-in", "check the base URL")),
        }
    }
}

const WHAT: &str = "msgraph sign_in";

fn unexpected(why: impl Into<std::borrow::Cow<'static, str>>, next: &'static str) -> Error {
    Error::new(ErrorKind::Decode, WHAT, why, next)
}

impl Operation for SignInById {
    type Item = SignIn;

    fn name(&self) -> &'static str {
        "sign_in"
    }

    fn request(&self) -> Result<Request> {
        let id = Segment::value("id", &self.id)?;
        Ok(get(&self.client, self.version, Some(id)).query_opt("$select", selection(&self.select)?))
    }

    fn layout(&self) -> PageLayout {
        SIGN_IN
    }

    fn paging(&self) -> Paging {
        Paging::None
    }

    fn rate_limits(&self) -> &[RateLimit] {
        self.client.rate_limits()
    }
}
