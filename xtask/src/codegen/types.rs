//! The types of members: what an annotation says, or what the samples say without guessing.

use signin_core::Timestamp;

use super::sample::Node;

/// The largest whole number that every JSON reader keeps.
const SAFE_INTEGER: u64 = 1 << 53;

/// A member's type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Type {
    Text,
    Bool,
    Integer,
    Number,
    Id,
    Time,
    Ticks,
    Ip,
    Json,
    List(Box<Type>),
    /// An enum's name.
    Enum(String),
    /// The name of an enum whose members come joined by commas.
    Flags(String),
    /// A model's name.
    Model(String),
}

impl Type {
    /// Reads an annotation. `is_model` and `is_enum` know the file's own names.
    pub(crate) fn parse(
        text: &str,
        is_model: impl Fn(&str) -> bool,
        is_enum: impl Fn(&str) -> bool,
    ) -> Result<Self, String> {
        if let Some(inner) = text.strip_prefix("list of ") {
            let inner = Self::parse(inner, is_model, is_enum)?;
            return match inner {
                Self::List(_) | Self::Ticks | Self::Json => {
                    Err(format!("`{text}`: there are no lists of that"))
                }
                inner => Ok(Self::List(Box::new(inner))),
            };
        }
        if let Some(name) = text.strip_prefix("flags of ") {
            return match is_enum(name) {
                true => Ok(Self::Flags(name.to_owned())),
                false => Err(format!("`{text}`: there is no [enum.{name}]")),
            };
        }
        Ok(match text {
            "text" => Self::Text,
            "bool" => Self::Bool,
            "integer" => Self::Integer,
            "number" => Self::Number,
            "id" => Self::Id,
            "time" => Self::Time,
            "ticks" => Self::Ticks,
            "ip" => Self::Ip,
            "json" => Self::Json,
            name if is_model(name) => Self::Model(name.to_owned()),
            name if is_enum(name) => Self::Enum(name.to_owned()),
            _ => {
                return Err(format!("`{text}` is neither a type nor a model or enum of this file"));
            }
        })
    }

    /// The type that these values of one member say without guessing.
    pub(crate) fn infer<'a>(
        wire: &str,
        values: impl IntoIterator<Item = &'a Node>,
    ) -> Result<Self, String> {
        let mut found: Option<Self> = None;
        let mut empty = false;
        for value in values {
            match value {
                Node::Null => continue,
                Node::List(elements) if elements.is_empty() => {
                    empty = true;
                    continue;
                }
                _ => {}
            }
            let this = Self::of(wire, value)?;
            found = Some(match found {
                None => this,
                Some(found) => found.merge(this)?,
            });
        }
        match found {
            None if empty => Err("is an empty list: give it a type, such as `list of text`".into()),
            None => Err("is null in every sample: give it a type".into()),
            Some(Self::List(inner)) => Ok(Self::List(inner)),
            Some(_) if empty => Err("has values of several kinds: give it a type".into()),
            Some(found) => Ok(found),
        }
    }

    fn of(wire: &str, value: &Node) -> Result<Self, String> {
        let is_id = ["id", "Id", "ID"].iter().any(|end| wire.ends_with(end));
        match value {
            Node::Null => Err("is null: give it a type".into()),
            Node::Object(_) => Err("is an object: give it a model's name as its type".into()),
            Node::Bool => Ok(Self::Bool),
            Node::Text(_) | Node::Number(_) if is_id => {
                Err("is an id by its name: say `id`, or its type".into())
            }
            Node::Text(text) if Timestamp::parse(text).is_some() => {
                Err("looks like a time: say `time` or `text`".into())
            }
            Node::Text(text) if signin_core::IpText::from(text.as_str()).addr().is_some() => {
                Err("looks like an address: say `ip` or `text`".into())
            }
            Node::Text(_) => Ok(Self::Text),
            Node::Number(number) => Self::of_number(number),
            Node::List(elements) => Self::infer(wire, elements)
                .map(|inner| Self::List(Box::new(inner)))
                .map_err(|why| format!("is a list whose element {why}")),
        }
    }

    fn of_number(text: &str) -> Result<Self, String> {
        if text.contains(['.', 'e', 'E']) {
            return Ok(Self::Number);
        }
        match text.trim_start_matches('-').parse::<u64>() {
            Ok(number) if number <= SAFE_INTEGER => Ok(Self::Integer),
            _ => Err(format!("is {text}, above 2^53: say what it is")),
        }
    }

    fn merge(self, other: Self) -> Result<Self, String> {
        match (self, other) {
            (one, other) if one == other => Ok(one),
            (Self::Integer, Self::Number) | (Self::Number, Self::Integer) => Ok(Self::Number),
            _ => Err("has values of several kinds: give it a type".into()),
        }
    }

    /// Why a value is not of this type. A null is an absent value of any type.
    pub(crate) fn refuse(&self, value: &Node) -> Option<String> {
        let fits = match (self, value) {
            (_, Node::Null) | (Self::Json, _) => true,
            (Self::Text | Self::Ip | Self::Enum(_) | Self::Flags(_) | Self::Id, Node::Text(_)) => {
                true
            }
            (Self::Bool, Node::Bool) | (Self::Model(_), Node::Object(_)) => true,
            (Self::Integer, Node::Number(text)) => text.parse::<i64>().is_ok(),
            (Self::Number, Node::Number(text)) => text.parse::<f64>().is_ok_and(f64::is_finite),
            (Self::Id, Node::Number(text)) => {
                text.parse::<u64>().is_ok() || text.parse::<i64>().is_ok()
            }
            (Self::Time, Node::Text(text)) => Timestamp::parse(text).is_some(),
            (Self::Ticks, Node::Text(text)) => {
                let ticks = text.parse().ok().and_then(Timestamp::from_ticks);
                ticks.or_else(|| Timestamp::parse(text)).is_some()
            }
            (Self::Ticks, Node::Number(text)) => {
                text.parse().ok().and_then(Timestamp::from_ticks).is_some()
            }
            (Self::List(inner), Node::List(elements)) => {
                return elements.iter().find_map(|element| match element {
                    Node::Null => Some("has a null in its list".into()),
                    element => inner.refuse(element),
                });
            }
            _ => false,
        };
        (!fits)
            .then(|| format!("is said to be {}, and a sample has {}", self.words(), value.kind()))
    }

    fn words(&self) -> String {
        match self {
            Self::Text => "text".into(),
            Self::Bool => "true or false".into(),
            Self::Integer => "a whole number of 64 bits".into(),
            Self::Number => "a finite number".into(),
            Self::Id => "an id (text or a whole number)".into(),
            Self::Time => "a time as text".into(),
            Self::Ticks => "a time or ticks".into(),
            Self::Ip => "an address as text".into(),
            Self::Json => "anything".into(),
            Self::List(inner) => format!("a list of {}", inner.words()),
            Self::Enum(name) | Self::Flags(name) => format!("a text of {name}"),
            Self::Model(name) => format!("an object of {name}"),
        }
    }
}
