//! What people wrote about the samples: `model.toml` and `PROVENANCE.toml`.

use indexmap::IndexMap;
use serde::Deserialize;

/// `model.toml`: what the samples cannot say of themselves.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ModelFile {
    /// The crate that the models go to.
    #[serde(rename = "crate")]
    pub(crate) krate: String,
    pub(crate) sample: Vec<SampleAnnotation>,
    pub(crate) model: IndexMap<String, ModelAnnotation>,
    #[serde(default, rename = "enum")]
    pub(crate) enums: IndexMap<String, EnumAnnotation>,
}

/// Where a sample's records stand.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SampleAnnotation {
    pub(crate) file: String,
    /// JSON pointer to a record or a list of records.
    pub(crate) records: String,
    pub(crate) model: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ModelAnnotation {
    pub(crate) doc: String,
    pub(crate) page: String,
    /// Why the model is there although no sample and no member leads to it.
    pub(crate) alone: Option<String>,
    /// The members of which a record has at least one: what has none is something else.
    #[serde(default)]
    pub(crate) identifying: Vec<String>,
    pub(crate) member: IndexMap<String, MemberAnnotation>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MemberAnnotation {
    pub(crate) doc: String,
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    pub(crate) field: Option<String>,
    #[serde(default)]
    pub(crate) alias: Vec<String>,
    /// Why no sample has it.
    pub(crate) absent: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EnumAnnotation {
    pub(crate) doc: String,
    pub(crate) page: String,
    pub(crate) member: IndexMap<String, VariantAnnotation>,
}

/// A member of an enum: its doc, or doc and name.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum VariantAnnotation {
    Doc(String),
    Named(NamedVariant),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NamedVariant {
    pub(crate) doc: String,
    pub(crate) name: String,
}

impl VariantAnnotation {
    pub(crate) fn doc(&self) -> &str {
        match self {
            Self::Doc(doc) => doc,
            Self::Named(named) => &named.doc,
        }
    }

    pub(crate) fn name(&self) -> Option<&str> {
        match self {
            Self::Doc(_) => None,
            Self::Named(named) => Some(&named.name),
        }
    }
}

/// `PROVENANCE.toml`: where each sample is from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Provenance {
    pub(crate) sample: Vec<Origin>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Origin {
    pub(crate) file: String,
    pub(crate) kind: OriginKind,
    /// Of the file's bytes. The generator says it where it is missing.
    pub(crate) sha256: Option<String>,
    pub(crate) page: Option<String>,
    /// The page's own date.
    #[serde(default)]
    #[expect(dead_code, reason = "for people; here so that its name is checked")]
    updated: Option<String>,
    pub(crate) retrieved: Option<String>,
    pub(crate) why: Option<String>,
    #[serde(default)]
    #[expect(dead_code, reason = "for people; here so that its name is checked")]
    contradictions: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum OriginKind {
    Documented,
    Authored,
}

impl Origin {
    /// What an entry of its kind must say and does not.
    pub(crate) fn lacks(&self) -> Option<&'static str> {
        match self.kind {
            OriginKind::Documented if self.page.is_none() => Some("page"),
            OriginKind::Documented if self.retrieved.is_none() => Some("retrieved"),
            OriginKind::Authored if self.why.is_none() => Some("why"),
            _ => None,
        }
    }
}
