//! The listeners: one address per service, all served by one thread of the simulator's own.
//!
//! The thread has a runtime to itself. So the simulator serves while the caller's runtime is busy
//! or blocked, of whatever kind that is, its time is not the caller's (paused) time, and dropping
//! the runtime closes every listener and every open connection at once.

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::thread;

use axum::Router;
use axum::serve::ListenerExt as _;
use tokio::runtime::Runtime;
use tokio::sync::{oneshot, watch};

/// A bound listener and what it serves.
pub(crate) struct Host {
    pub(crate) listener: TcpListener,
    pub(crate) router: Router,
}

/// A port on 127.0.0.1 (0: a free one) and its `http://127.0.0.1:PORT`.
pub(crate) fn bind(port: u16) -> io::Result<(TcpListener, String)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    listener.set_nonblocking(true)?;
    let base_url = format!("http://{}", listener.local_addr()?);
    Ok((listener, base_url))
}

/// The thread that serves. Dropping this ends the thread, soon.
#[derive(Debug)]
pub(crate) struct Serving {
    stop: watch::Sender<bool>,
    ended: watch::Receiver<()>,
}

impl Serving {
    /// Starts to serve; when this returns, every host answers.
    pub(crate) async fn start(hosts: Vec<Host>) -> io::Result<Self> {
        let (stop, stopped) = watch::channel(false);
        let (end, ended) = watch::channel(());
        let (ready, is_ready) = oneshot::channel();
        thread::Builder::new().name("signin-sim".to_owned()).spawn(move || {
            run(hosts, ready, stopped);
            drop(end);
        })?;
        is_ready.await.unwrap_or_else(|_| Err(io::ErrorKind::BrokenPipe.into()))?;
        Ok(Self { stop, ended })
    }

    /// Closes listeners and connections, and returns when they are closed.
    pub(crate) async fn stop(&self) {
        self.stop.send_replace(true);
        // Nothing is ever sent: this ends when the thread drops its side.
        let _ = self.ended.clone().changed().await;
    }
}

/// The thread's life: it ends with `stopped`, and so does everything that it spawned.
fn run(
    hosts: Vec<Host>,
    ready: oneshot::Sender<io::Result<()>>,
    mut stopped: watch::Receiver<bool>,
) {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return drop(ready.send(Err(error))),
    };
    let serving = hosts.into_iter().try_for_each(|host| serve(&runtime, host));
    let is_serving = serving.is_ok();
    if ready.send(serving).is_ok() && is_serving {
        // An error means that the simulator was dropped: that is a stop as well.
        let _ = runtime.block_on(stopped.wait_for(|stop| *stop));
    }
}

fn serve(runtime: &Runtime, host: Host) -> io::Result<()> {
    let _entered = runtime.enter();
    let listener = tokio::net::TcpListener::from_std(host.listener)?.tap_io(|connection| {
        // Without it, the last part of a page waits for the client's delayed acknowledgement.
        let _ = connection.set_nodelay(true);
    });
    runtime.spawn(async move {
        // axum's serve never returns: it ends with the runtime.
        let _ = axum::serve(listener, host.router).await;
    });
    Ok(())
}
