//! The one list of the vendors, and of the crates that are published: read from the tree.

use std::fs;
use std::path::Path;

use crate::cargo::cargo;

/// One vendor: a folder of `fixtures/` with a `model.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Vendor {
    /// The folder's name, which is the vendor's in the program, the simulator and the results.
    pub(crate) name: String,
    /// The crate that reads its API, which `model.toml` names.
    pub(crate) krate: String,
}

/// Every vendor, in the order of their names. That there is none is an error: whoever goes through
/// the list would check nothing.
pub(crate) fn all(root: &Path) -> Result<Vec<Vendor>, String> {
    let fixtures = root.join("fixtures");
    let entries = fs::read_dir(&fixtures).map_err(|error| format!("fixtures: {error}"))?;
    let mut vendors = Vec::new();
    for entry in entries {
        let folder = entry.map_err(|error| format!("fixtures: {error}"))?.path();
        if folder.join("model.toml").is_file() {
            let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let krate = crate_of(&folder).map_err(|why| format!("fixtures/{name}/{why}"))?;
            vendors.push(Vendor { name, krate });
        }
    }
    if vendors.is_empty() {
        return Err("fixtures: no folder has a model.toml, so there is no vendor".to_owned());
    }
    vendors.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(vendors)
}

/// The crate that a vendor's `model.toml` names.
fn crate_of(folder: &Path) -> Result<String, String> {
    let text = fs::read_to_string(folder.join("model.toml"));
    let text = text.map_err(|error| format!("model.toml: {error}"))?;
    let file: toml::Table =
        toml::from_str(&text).map_err(|error| format!("model.toml: {error}"))?;
    let krate = file.get("crate").and_then(toml::Value::as_str).map(str::to_owned);
    krate.ok_or_else(|| "model.toml: names no crate".to_owned())
}

/// The names of the crates that `cargo publish` takes, in order.
pub(crate) fn published(root: &Path) -> Result<Vec<String>, String> {
    let text = cargo(root, &["metadata", "--no-deps", "--locked", "--format-version", "1"])?;
    published_in(&text).ok_or_else(|| "cargo metadata: names no published crate".to_owned())
}

/// The packages in cargo's metadata that may be published; none if it names none.
fn published_in(metadata: &str) -> Option<Vec<String>> {
    let metadata: serde_json::Value = serde_json::from_str(metadata).ok()?;
    let packages = metadata.get("packages")?.as_array()?.iter();
    // `publish = false` is an empty list of registries, and what has none may go to any.
    let may_go = |package: &&serde_json::Value| {
        package.get("publish").and_then(|to| to.as_array()).is_none_or(|to| !to.is_empty())
    };
    let names = packages.filter(may_go).map(|package| package.get("name")?.as_str());
    let mut names: Vec<_> = names.map(|name| name.map(str::to_owned)).collect::<Option<_>>()?;
    names.sort();
    (!names.is_empty()).then_some(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_folder_with_a_model_is_a_vendor_and_names_its_crate() {
        let root = std::env::temp_dir().join(format!("vendors-{}", std::process::id()));
        let model = |vendor: &str, text: &str| {
            let folder = root.join("fixtures").join(vendor);
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join("model.toml"), text).unwrap();
        };
        assert!(all(&root).unwrap_err().starts_with("fixtures: "));
        fs::create_dir_all(root.join("fixtures/none")).unwrap();
        assert!(all(&root).unwrap_err().ends_with("there is no vendor"));
        model("zeta", "crate = \"zeta-sdk\"\n");
        model("acme", "crate = \"acme\"\n[[sample]]\nfile = \"a.json\"\n");
        let vendor = |name: &str, krate: &str| Vendor { name: name.into(), krate: krate.into() };
        assert_eq!(all(&root).unwrap(), [vendor("acme", "acme"), vendor("zeta", "zeta-sdk")]);
        model("beta", "[[sample]]\n");
        assert_eq!(all(&root).unwrap_err(), "fixtures/beta/model.toml: names no crate");
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn what_is_published_is_what_cargo_says() {
        let metadata = r#"{"packages":[{"name":"b","publish":null},{"name":"tool","publish":[]},
            {"name":"a","publish":["crates-io"]}]}"#;
        assert_eq!(published_in(metadata).unwrap(), ["a", "b"]);
        assert_eq!(published_in(r#"{"packages":[{"name":"tool","publish":[]}]}"#), None);
        assert_eq!(published_in("{}"), None);

        let published = published(crate::root()).unwrap();
        for vendor in all(crate::root()).unwrap() {
            assert!(published.contains(&vendor.krate), "{}", vendor.krate);
        }
        assert!(!published.iter().any(|name| name == "xtask"), "{published:?}");
    }
}
