//! The Rust text of models and enums.

use std::collections::BTreeSet;

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::names::snake_case;
use super::resolve::{Enum, Member, Model, UNKNOWN_VARIANT, Vendor};
use super::types::Type;

/// The longest line of a doc comment, its slashes included.
const DOC_WIDTH: usize = 92;

/// The files of a vendor's `generated/`, by name. Each begins with `header`.
pub(crate) fn files(vendor: &Vendor, header: &str) -> Result<Vec<(String, String)>, String> {
    let mut files = vec![("mod.rs".to_owned(), render(&index(vendor), header)?)];
    for model in &vendor.models {
        let name = format!("{}.rs", snake_case(&model.name));
        files.push((name, render(&model_file(model), header)?));
    }
    if !vendor.enums.is_empty() {
        files.push(("enums.rs".to_owned(), render(&enum_file(&vendor.enums), header)?));
    }
    Ok(files)
}

fn render(tokens: &TokenStream, header: &str) -> Result<String, String> {
    let file = syn::parse2(tokens.clone()).map_err(|error| format!("generated code: {error}"))?;
    Ok(format!("{header}\n{}", spaced(&prettyplease::unparse(&file))))
}

/// Sets an empty line after each item, and between the functions of an impl.
fn spaced(code: &str) -> String {
    let mut text = String::new();
    let mut lines = code.lines().peekable();
    while let Some(line) = lines.next() {
        text.push_str(line);
        text.push('\n');
        let Some(next) = lines.peek() else { break };
        let uses =
            |line: &str| ["use ", "mod ", "pub use "].iter().any(|word| line.starts_with(word));
        let use_ends = (uses(line) || line == "};") && line.ends_with(';') && !uses(next);
        let item_ends = line == "}" || line.trim_start() == "];" || use_ends;
        let function_ends = line == "    }" && !next.starts_with('}');
        if item_ends || function_ends {
            text.push('\n');
        }
    }
    text
}

fn index(vendor: &Vendor) -> TokenStream {
    let models = vendor.models.iter().map(|model| {
        let (module, name) =
            (format_ident!("{}", snake_case(&model.name)), format_ident!("{}", model.name));
        (quote!(mod #module;), quote!(pub use #module::#name;))
    });
    let (modules, exports): (Vec<_>, Vec<_>) = models.unzip();
    let enums = (!vendor.enums.is_empty()).then(|| {
        let names = vendor.enums.iter().map(|e| format_ident!("{}", e.name));
        (
            quote!(
                mod enums;
            ),
            quote!(pub use enums::{#(#names),*};),
        )
    });
    let (enum_module, enum_exports) = enums.unzip();
    quote!(#enum_module #(#modules)* #enum_exports #(#exports)*)
}

fn model_file(model: &Model) -> TokenStream {
    let name = format_ident!("{}", model.name);
    let doc = docs(&format!("{}\n\nSource: <{}>", model.doc, model.page));
    let fields = model.members.iter().map(|member| {
        let (field, kind, doc) =
            (format_ident!("{}", member.field), rust_type(&member.kind), docs(&member_doc(member)));
        quote!(#doc pub #field: #kind)
    });
    let rows = model.members.iter().map(|member| row(member, &model.name));
    let arms = model.members.iter().enumerate().map(|(place, member)| {
        let (place, field) = (Literal::usize_unsuffixed(place), format_ident!("{}", member.field));
        let read = reading(&member.kind);
        quote!(#place => self.#field = #read,)
    });
    let writes = model.members.iter().map(|member| {
        let (wire, field) = (&member.wire, format_ident!("{}", member.field));
        quote!(serialize_member(&mut map, #wire, &self.#field)?;)
    });
    let (imports, title) = (imports(model), &model.name);
    quote! {
        #imports

        #doc
        #[derive(Debug, Clone, Default, PartialEq)]
        #[non_exhaustive]
        pub struct #name { #(#fields,)* }

        pub(super) static TABLE: Table = Table { name: #title, members: &[#(#rows),*] };

        impl Model for #name {
            fn table() -> &'static Table {
                &TABLE
            }

            fn assign<'de, A: MapAccess<'de>>(&mut self, member: usize, value: &mut A) -> Result<(), A::Error> {
                match member {
                    #(#arms)*
                    _ => drop(value.next_value::<IgnoredAny>()?),
                }
                Ok(())
            }
        }

        impl<'de> Deserialize<'de> for #name {
            fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
                deserialize(source)
            }
        }

        impl Serialize for #name {
            fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
                let mut map = target.serialize_map(None)?;
                #(#writes)*
                map.end()
            }
        }
    }
}

/// What a model's file uses, no more: an unused import is a warning.
fn imports(model: &Model) -> TokenStream {
    let mut core = BTreeSet::new();
    let mut helpers = BTreeSet::from(["deserialize", "serialize_member"]);
    let mut siblings = BTreeSet::new();
    let mut ticks = false;
    for member in &model.members {
        let kind = match &member.kind {
            Type::List(inner) => {
                helpers.insert("next_list");
                inner
            }
            kind => kind,
        };
        match kind {
            Type::Id => drop(core.insert("Id")),
            Type::Time => drop(core.insert("Timestamp")),
            Type::Ticks => {
                core.insert("Timestamp");
                helpers.insert("next_as");
                ticks = true;
            }
            Type::Ip => drop(core.insert("IpText")),
            Type::Json => drop(core.insert("Json")),
            Type::Flags(name) => {
                core.insert("Flags");
                siblings.insert(name.as_str());
            }
            Type::Enum(name) => {
                core.insert("Spelled");
                siblings.insert(name);
            }
            Type::Model(name) if *name != model.name => {
                siblings.insert(name);
            }
            _ => {}
        }
    }
    let idents = |names: BTreeSet<&str>| {
        names.into_iter().map(|name| format_ident!("{name}")).collect::<Vec<_>>()
    };
    let (core, helpers, siblings) = (idents(core), idents(helpers), idents(siblings));
    let core = (!core.is_empty()).then(|| quote!(use signin_core::{#(#core),*};));
    let siblings = (!siblings.is_empty()).then(|| quote!(use super::{#(#siblings),*};));
    let ticks = ticks.then(|| {
        quote!(
            use signin_core::vendor::timestamp::DotNetTicks;
        )
    });
    quote! {
        use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess};
        use serde::ser::{Serialize, SerializeMap, Serializer};
        use signin_core::vendor::model::{#(#helpers), *};
        #ticks
        use signin_core::vendor::{Member, Model, Shape, Table};
        #core
        #siblings
    }
}

fn member_doc(member: &Member) -> String {
    let mut doc = member.doc.clone();
    if member.wire != member.field {
        doc.push_str(&format!("\n\nOn the wire: `{}`", member.wire));
        for alias in &member.aliases {
            doc.push_str(&format!(", or `{alias}`"));
        }
        doc.push('.');
    } else if !member.aliases.is_empty() {
        doc.push_str(&format!("\n\nAlso spelled `{}`.", member.aliases.join("`, `")));
    }
    doc
}

fn rust_type(kind: &Type) -> TokenStream {
    match kind {
        Type::List(inner) => {
            let inner = leaf(inner);
            quote!(Vec<#inner>)
        }
        kind => {
            let kind = leaf(kind);
            quote!(Option<#kind>)
        }
    }
}

fn leaf(kind: &Type) -> TokenStream {
    match kind {
        Type::Text => quote!(String),
        Type::Bool => quote!(bool),
        Type::Integer => quote!(i64),
        Type::Number => quote!(f64),
        Type::Id => quote!(Id),
        Type::Time | Type::Ticks => quote!(Timestamp),
        Type::Ip => quote!(IpText),
        Type::Json => quote!(Json),
        Type::List(inner) => rust_type(&Type::List(inner.clone())),
        Type::Enum(name) => {
            let name = format_ident!("{name}");
            quote!(Spelled<#name>)
        }
        Type::Model(name) => {
            let name = format_ident!("{name}");
            quote!(#name)
        }
        Type::Flags(name) => {
            let name = format_ident!("{name}");
            quote!(Flags<#name>)
        }
    }
}

fn reading(kind: &Type) -> TokenStream {
    match kind {
        Type::List(_) => quote!(next_list(value)?),
        Type::Ticks => quote!(next_as::<DotNetTicks, _, _>(value)?),
        _ => quote!(value.next_value()?),
    }
}

/// A member's row in the table.
fn row(member: &Member, model: &str) -> TokenStream {
    let (wire, shape) = (&member.wire, shape(&member.kind, model));
    let aliases = &member.aliases;
    let or = (!aliases.is_empty()).then(|| quote!(.or(&[#(#aliases),*])));
    let identifying = member.identifying.then(|| quote!(.identifying()));
    quote!(Member::new(#wire, #shape) #or #identifying)
}

/// A type's shape, as seen from a model's file.
fn shape(kind: &Type, model: &str) -> TokenStream {
    match kind {
        Type::Text | Type::Ip | Type::Enum(_) | Type::Flags(_) => quote!(Shape::Text),
        Type::Bool => quote!(Shape::Bool),
        Type::Integer => quote!(Shape::Integer),
        Type::Number => quote!(Shape::Number),
        Type::Id => quote!(Shape::Id),
        Type::Time => quote!(Shape::Time),
        Type::Ticks => quote!(Shape::Ticks),
        Type::Json => quote!(Shape::Any),
        Type::List(inner) => {
            let inner = shape(inner, model);
            quote!(Shape::List(&#inner))
        }
        Type::Model(name) if name == model => quote!(Shape::Object(&TABLE)),
        Type::Model(name) => {
            let module = format_ident!("{}", snake_case(name));
            quote!(Shape::Object(&super::#module::TABLE))
        }
    }
}

fn enum_file(enums: &[Enum]) -> TokenStream {
    let enums = enums.iter().map(enum_items);
    quote! {
        use serde::de::{Deserialize, Deserializer};
        use serde::ser::{Serialize, Serializer};
        use signin_core::OpenEnum;
        use signin_core::vendor::open_enum;

        #(#enums)*
    }
}

fn enum_items(e: &Enum) -> TokenStream {
    let (name, other) = (format_ident!("{}", e.name), format_ident!("{UNKNOWN_VARIANT}"));
    let doc = docs(&format!("{}\n\nSource: <{}>", e.doc, e.page));
    let parts = e.variants.iter().map(|variant| {
        let (wire, name, doc) =
            (&variant.wire, format_ident!("{}", variant.name), docs(&variant.doc));
        (quote!(#doc #name,), quote!((#wire, Self::#name)), quote!(Self::#name => #wire,))
    });
    let parts: Vec<_> = parts.collect();
    let variants = parts.iter().map(|(variant, _, _)| variant);
    let members = parts.iter().map(|(_, member, _)| member);
    let to = parts.iter().map(|(_, _, to)| to);
    quote! {
        #doc
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            /// A member that this version does not know, by its text.
            #other(Box<str>),
        }

        impl OpenEnum for #name {
            const MEMBERS: &'static [(&'static str, Self)] = &[#(#members),*];

            fn other(text: &str) -> Self {
                Self::#other(text.into())
            }

            fn as_str(&self) -> &str {
                match self {
                    #(#to)*
                    Self::#other(text) => text,
                }
            }
        }

        impl<'de> Deserialize<'de> for #name {
            fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
                open_enum::deserialize(source)
            }
        }

        impl Serialize for #name {
            fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
                open_enum::serialize(self, target)
            }
        }
    }
}

/// A doc text as comment lines.
fn docs(text: &str) -> TokenStream {
    let mut lines = Vec::new();
    for (index, paragraph) in text.trim().split("\n\n").enumerate() {
        if index > 0 {
            lines.push(String::new());
        }
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.is_empty() && line.len() + 1 + word.len() + "/// ".len() > DOC_WIDTH {
                lines.push(std::mem::take(&mut line));
            }
            line.push(' ');
            line.push_str(word);
        }
        lines.push(line);
    }
    quote!(#(#[doc = #lines])*)
}
