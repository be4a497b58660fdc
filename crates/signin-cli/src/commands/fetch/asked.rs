//! What a run is asked for, read off the options themselves: a checkpoint is of a run that is asked
//! for the same.

use std::collections::HashSet;

use clap::{Arg, ArgMatches, Args, Command};

use super::args::Common;

/// The options of a vendor that say what is read, in the order of their definition, with their
/// values: all that it defines but those of `how`, which say how it is reached and read. Defaults
/// are values too. Where `resolved` has an option, its values stand in place of those of the
/// command line.
pub(crate) fn options<V: Args>(
    matches: &ArgMatches,
    how: &[&str],
    resolved: &[(&'static str, String)],
) -> Vec<(String, String)> {
    let common = Common::augment_args(Command::new(""));
    let common: HashSet<_> = common.get_arguments().map(|arg| arg.get_id().clone()).collect();
    let vendor = V::augment_args(Command::new(""));
    let own = vendor.get_arguments().filter(|arg| !common.contains(arg.get_id()));
    let own = own.filter(|arg| !how.contains(&arg.get_id().as_str()));
    let mut options = Vec::new();
    for arg in own {
        let Some(name) = arg.get_long().map(|long| format!("--{long}")) else { continue };
        let replaced = resolved.iter().filter(|(other, _)| *other == name);
        let mut values: Vec<_> = replaced.map(|(_, value)| value.clone()).collect();
        if values.is_empty() {
            values = given(arg, matches);
        }
        options.extend(values.into_iter().map(|value| (name.clone(), value)));
    }
    options
}

/// The values of an option. What is given twice counts once; of a list with commas it is one value.
fn given(arg: &Arg, matches: &ArgMatches) -> Vec<String> {
    let id = arg.get_id().as_str();
    // Numbers may be written in many ways.
    if let Ok(Some(number)) = matches.try_get_one::<u32>(id) {
        return vec![number.to_string()];
    }
    let raw = matches.try_get_raw(id).ok().flatten();
    let raw = raw.into_iter().flatten().map(|value| value.to_string_lossy().into_owned());
    if let Some(comma) = arg.get_value_delimiter() {
        let all: Vec<_> = raw.collect();
        let all = Some(all.join(&comma.to_string())).filter(|all| !all.is_empty());
        return all.into_iter().collect();
    }
    let mut values = Vec::new();
    for value in raw {
        if !values.contains(&value) {
            values.push(value);
        }
    }
    values
}
