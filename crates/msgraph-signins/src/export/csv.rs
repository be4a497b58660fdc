//! Tables that came as CSV: rows by their header.

use super::raw::{Member, Object, quoted};
use super::recognise::{self, Form};
use super::refusal::{NotASignIn, Refusal};
use super::{Export, Found, Shape, read};

/// A CSV file of sign-ins, by its header: the portal's of Log Analytics, the admin center's, or one
/// of PowerShell's `Export-Csv`.
///
/// Who reads the file splits it into fields, by the separator that it has: a comma, or a semicolon
/// where it went through a spreadsheet of some countries. A byte order mark may stand in the first
/// header.
///
/// ```
/// use msgraph_signins::export::{Csv, Found, Shape};
///
/// let csv = Csv::new(&["Date (UTC)", "Request ID", "Username", "Status", "Sign-in error code"])?;
/// assert_eq!(csv.shape(), Shape::AdminCenterCsv);
/// let row = ["2026-01-02T03:04:05Z", "66ea54eb", "ada@contoso.example", "Success", ""];
/// let Found::SignIn(sign_in) = csv.record(&row)? else { panic!("it is a sign-in") };
/// assert_eq!(
///     sign_in.record,
///     concat!(
///         r#"{"createdDateTime":"2026-01-02T03:04:05Z","id":"66ea54eb","#,
///         r#""userPrincipalName":"ada@contoso.example","status":{"errorCode":0}}"#
///     )
/// );
/// # Ok::<(), msgraph_signins::export::NotASignIn>(())
/// ```
#[derive(Debug, Clone)]
pub struct Csv {
    /// The headers as JSON.
    keys: Vec<String>,
    shape: Shape,
}

impl Csv {
    /// Looks at the header of a file.
    ///
    /// # Errors
    /// [`NotASignIn`]: it is no header of a table of sign-ins that is known.
    pub fn new<T: AsRef<str>>(header: &[T]) -> Result<Self, NotASignIn> {
        let mut header: Vec<&str> = header.iter().map(AsRef::as_ref).collect();
        if let Some(first) = header.first_mut()
            && let Some(rest) = first.strip_prefix('\u{feff}')
        {
            // The mark hides from who splits the file that the field is quoted.
            let inner = rest.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
            *first = inner.unwrap_or(rest);
        }
        let keys: Vec<_> = header.iter().map(|name| quoted(name)).collect();
        let members = header.iter().zip(&keys);
        let members =
            members.map(|(name, key)| Member { key, name: (*name).into(), value: "\"\"" });
        let members: Vec<_> = members.collect();
        let shape = match recognise::form(&members) {
            Ok(Form::LogAnalytics(shape)) => shape,
            Ok(Form::AdminCenter) => Shape::AdminCenterCsv,
            Ok(Form::PowerShell) => Shape::PowerShell,
            Ok(Form::Graph | Form::Other { .. } | Form::DiagnosticRecord { .. }) => {
                return Err(NotASignIn::unknown("columns", &members));
            }
            Err(refused) if refused.refusal() == Refusal::Unknown => {
                return Err(NotASignIn::unknown("columns", &members));
            }
            Err(refused) => return Err(refused),
        };
        Ok(Self { keys, shape })
    }

    /// What the file is.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Reads a row. It is the same as [`read`] of [`raw`](Self::raw).
    ///
    /// # Errors
    /// [`NotASignIn`]: the row is not as long as the header, or its time cannot be known.
    pub fn record<T: AsRef<str>>(&self, fields: &[T]) -> Result<Found<'static>, NotASignIn> {
        Ok(match read(&self.raw(fields)?)? {
            Found::SignIn(export) => Found::SignIn(Export::into_owned(export)),
            Found::Other { category } => Found::Other { category },
        })
    }

    /// The row with all that it says, as JSON: an object of texts, named by the headers as they
    /// are. This is what to keep of the original.
    ///
    /// # Errors
    /// [`NotASignIn`]: the row is not as long as the header. Empty fields at its end do no harm.
    pub fn raw<T: AsRef<str>>(&self, fields: &[T]) -> Result<String, NotASignIn> {
        let said = fields.iter().rposition(|field| !field.as_ref().is_empty());
        let said = said.map_or(0, |last| last + 1);
        if fields.len() < self.keys.len() || said > self.keys.len() {
            return Err(NotASignIn::other_length(fields.len(), self.keys.len()));
        }
        let mut row = Object::default();
        for (key, field) in self.keys.iter().zip(fields) {
            row.add(key, &quoted(field.as_ref()));
        }
        Ok(row.end())
    }
}
