//! The vendors: a folder each, and a line each in the list below. All that the program does for
//! each vendor comes from this list.
//!
//! A vendor's folder has
//! - in `mod.rs` its [`Profile`] as `PROFILE`, and its records;
//! - in `args.rs` its options of `signin fetch`, a struct of the vendor's name;
//! - in `fetch.rs` a function `run`, which reads what these options ask for;
//! - in `demo.rs` the functions `settings` and `pager`: the simulated service, and the pager over it.

mod endpoint;

pub(crate) mod avepoint;
pub(crate) mod msgraph;
pub(crate) mod pingone;
pub(crate) mod ssojet;
pub(crate) mod tines;

use clap::builder::PossibleValue;
use clap::{ArgMatches, Subcommand, ValueEnum};
use signin_sim::{Builder, Simulator};

use crate::commands::demo::args::Demo;
use crate::commands::demo::collect;
use crate::reporting::reporter::Reporter;
use crate::run::collect::{Run, RunError};
use crate::run::exit::Exit;

pub(crate) use endpoint::{Endpoint, NotTaken, put};

/// What the program knows of a vendor.
#[derive(Debug)]
pub(crate) struct Profile {
    /// Its name on command lines and in envelopes.
    pub(crate) name: &'static str,
    /// What people call it.
    pub(crate) product: &'static str,
    /// The same in the help, where that says more.
    pub(crate) in_help: &'static str,
    pub(crate) endpoints: &'static [Endpoint],
    /// The endpoint that a demo reads, and the title of that.
    pub(crate) demo: (&'static str, &'static str),
    /// Whether its sign-ins may come as exports of other programs.
    pub(crate) has_exports: bool,
}

macro_rules! vendors {
    ($($Vendor:ident => $vendor:ident),+ $(,)?) => {
        /// A vendor.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Vendor {
            $($Vendor),+
        }

        /// A vendor and the options of `signin fetch` for it.
        #[derive(Debug, Subcommand)]
        pub(crate) enum Service {
            $(#[command(name = $vendor::PROFILE.name)] $Vendor(Box<$vendor::args::$Vendor>)),+
        }

        impl Vendor {
            /// All of them, in the order in which they are named to people.
            pub(crate) const ALL: &[Self] = &[$(Self::$Vendor),+];

            pub(crate) fn profile(self) -> &'static Profile {
                match self {
                    $(Self::$Vendor => &$vendor::PROFILE),+
                }
            }

            /// Adds its simulated service.
            pub(crate) fn simulated(self, services: Builder, args: &Demo) -> Builder {
                match self {
                    $(Self::$Vendor => services.$vendor($vendor::demo::settings(args))),+
                }
            }

            /// Reads everyone's sign-ins of its simulated service.
            pub(crate) async fn demo(
                self,
                simulator: &Simulator,
                args: &Demo,
                run: &mut Run<'_>,
            ) -> Result<(), RunError> {
                match self {
                    $(Self::$Vendor => {
                        collect(simulator.$vendor(), args, $vendor::demo::pager, run).await
                    })+
                }
            }
        }

        impl Service {
            /// Reads what the options ask for, and says how that went. `matches` are the same options as
            /// they were typed.
            pub(crate) async fn fetch(&self, matches: &ArgMatches, reporter: &mut Reporter) -> Exit {
                match self {
                    $(Self::$Vendor(args) => $vendor::fetch::run(args, matches, reporter).await),+
                }
            }
        }
    };
}
vendors! {
    Tines => tines,
    Avepoint => avepoint,
    Ssojet => ssojet,
    Pingone => pingone,
    Msgraph => msgraph,
}

impl ValueEnum for Vendor {
    fn value_variants<'a>() -> &'a [Self] {
        Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()).help(self.profile().in_help))
    }
}

impl Vendor {
    pub(crate) fn name(self) -> &'static str {
        self.profile().name
    }

    pub(crate) fn product(self) -> &'static str {
        self.profile().product
    }

    pub(crate) fn endpoints(self) -> &'static [Endpoint] {
        self.profile().endpoints
    }

    pub(crate) fn endpoint(self, name: &str) -> Option<&'static Endpoint> {
        self.endpoints().iter().find(|endpoint| endpoint.name == name)
    }

    /// The names of the endpoints, for people: "a, b or c".
    pub(crate) fn endpoint_names(self) -> String {
        let names: Vec<_> = self.endpoints().iter().map(|endpoint| endpoint.name).collect();
        one_of(&names)
    }
}

/// Names, for people: "a, b or c".
pub(crate) fn one_of(names: &[&str]) -> String {
    match names.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn command_lines_and_envelopes_call_a_vendor_the_same() {
        let fetch = Service::augment_subcommands(clap::Command::new("fetch"));
        let names: Vec<_> = fetch.get_subcommands().map(clap::Command::get_name).collect();
        assert_eq!(names, Vendor::ALL.iter().map(|vendor| vendor.name()).collect::<Vec<_>>());
        assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len());
        for vendor in Vendor::value_variants() {
            assert_eq!(vendor.to_possible_value().unwrap().get_name(), vendor.name());
            for endpoint in vendor.endpoints() {
                assert!(vendor.endpoint(endpoint.name).is_some());
                assert!(!endpoint.lists.is_empty(), "{}", endpoint.name);
            }
            assert!(vendor.endpoint(vendor.profile().demo.0).is_some(), "{}", vendor.name());
        }
        assert_eq!(Vendor::Tines.endpoint_names(), "signin_activities, users or audit_logs");
        assert_eq!(Vendor::Msgraph.endpoint_names(), "sign_ins");
    }
}
