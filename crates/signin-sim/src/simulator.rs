//! The simulator: the services that were asked for, each on its own address.

use std::io;

use crate::listener::{self, Host, Serving};
use crate::local::{self, Local};
use crate::seed::Seed;
use crate::{avepoint, msgraph, oauth, pingone, ssojet, tines};

/// Writes the builder and the simulator of these services, each a module with `Settings` and
/// `Service`.
macro_rules! services {
    ($($name:ident: $what:literal),* $(,)?) => {
        /// Chooses what is simulated.
        #[derive(Clone, Debug, Default)]
        #[must_use = "a builder does nothing until it is started"]
        pub struct Builder {
            seed: u64,
            $($name: Option<$name::Settings>,)*
        }

        impl Builder {
            /// The seed of everything that is drawn: keys, users, sign-ins, request ids. Default 0.
            ///
            /// The same seed and settings give the same answers, byte for byte.
            pub fn seed(mut self, seed: u64) -> Self {
                self.seed = seed;
                self
            }

            $(
                #[doc = concat!("Simulates ", $what, ". Said twice, the last one holds.")]
                pub fn $name(mut self, settings: $name::Settings) -> Self {
                    self.$name = Some(settings);
                    self
                }
            )*

            /// Binds a free port of 127.0.0.1 for each service and starts to answer.
            ///
            /// # Errors
            /// When a port cannot be bound, or the serving thread cannot be started.
            pub async fn start(self) -> io::Result<Simulator> {
                let seed = Seed::new(self.seed);
                let mut hosts = Vec::new();
                $(
                    let mut $name = None;
                    if let Some(settings) = self.$name {
                        let (listener, base_url) = listener::bind(settings.listens_at())?;
                        let seed = seed.branch(stringify!($name));
                        let service = $name::Service::new(seed, settings, base_url);
                        hosts.push(Host { listener, router: service.router() });
                        $name = Some(service);
                    }
                )*
                Ok(Simulator { serving: Serving::start(hosts).await?, $($name),* })
            }
        }

        $(
            impl Local<$name::Service> {
                #[doc = concat!("Simulates ", $what, ", which answers calls only.")]
                ///
                /// The same seed and settings give the same answers as over HTTP, byte for byte.
                pub fn $name(seed: u64, settings: $name::Settings) -> Self {
                    let seed = Seed::new(seed).branch(stringify!($name));
                    let service = $name::Service::new(seed, settings, local::BASE_URL.to_owned());
                    let router = service.router();
                    Self::new(service, router)
                }
            }
        )*

        /// Running services. Dropping it stops them, best effort; [`stop`](Self::stop) also waits.
        #[derive(Debug)]
        #[must_use = "dropping a simulator stops it"]
        pub struct Simulator {
            serving: Serving,
            $($name: Option<$name::Service>,)*
        }

        impl Simulator {
            /// A simulator of nothing, to add services to.
            pub fn builder() -> Builder {
                Builder::default()
            }

            $(
                #[doc = concat!("The service that is ", $what, ", when it was asked for.")]
                #[must_use]
                pub fn $name(&self) -> Option<&$name::Service> {
                    self.$name.as_ref()
                }
            )*

            /// Closes every listener and every open connection, mid-answer if need be, and
            /// returns when they are closed. The services' truth and stats stay readable; a
            /// second call does nothing.
            pub async fn stop(&self) {
                self.serving.stop().await;
            }
        }
    };
}

services! {
    oauth: "a token endpoint that stands alone",
    tines: "a Tines tenant",
    avepoint: "AvePoint Elements",
    ssojet: "an SSOJet application",
    pingone: "a PingOne environment",
    msgraph: "Microsoft Graph",
}
