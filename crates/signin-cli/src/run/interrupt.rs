//! Signals: asked for once, heard everywhere.

use std::io;

use tokio::sync::watch;

use super::exit::Exit;

/// Becomes ready when the program is told to end, and stays so.
#[derive(Debug, Clone)]
pub(crate) struct Interrupt(watch::Receiver<Option<Exit>>);

impl Interrupt {
    /// Listens for SIGINT and SIGTERM (Ctrl-C only, where there are no signals) from now on.
    pub(crate) fn listen() -> io::Result<Self> {
        let (sender, receiver) = watch::channel(None);
        let signal = signal()?;
        tokio::spawn(async move {
            let exit = signal.await;
            sender.send_replace(Some(exit));
            // The channel stays open: a closed one would look like a signal that is not there.
            std::future::pending::<()>().await;
        });
        Ok(Self(receiver))
    }

    /// Returns how the program is to end, once it is told to.
    pub(crate) async fn wait(&mut self) -> Exit {
        let heard = self.0.wait_for(Option::is_some).await.ok().and_then(|exit| *exit);
        match heard {
            Some(exit) => exit,
            None => std::future::pending().await,
        }
    }

    /// An interrupt that another sends, for tests.
    #[cfg(test)]
    pub(crate) fn manual() -> (watch::Sender<Option<Exit>>, Self) {
        let (sender, receiver) = watch::channel(None);
        (sender, Self(receiver))
    }
}

#[cfg(unix)]
fn signal() -> io::Result<impl Future<Output = Exit>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => Exit::Interrupted,
            _ = terminate.recv() => Exit::Terminated,
        }
    })
}

#[cfg(not(unix))]
fn signal() -> io::Result<impl Future<Output = Exit>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        Exit::Interrupted
    })
}
