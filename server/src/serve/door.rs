//! The accept loop: how many may come in, and how long they may take to say what they want.
//!
//! Its own, because a server for a city must not be held up by connections that never say anything,
//! by one that opens thousands, or by one that asks and never reads. Speaks HTTP/1.1 only: without
//! TLS no browser speaks HTTP/2, and web servers in front speak 1.1 to what is behind them.

use crate::origin::{Origin, Proxy};
use crate::places::{Place, Places};
use crate::report::report;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use std::io::Error;
use std::net::IpAddr;
use std::pin::pin;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio_io_timeout::TimeoutWriter;
use tower::ServiceExt;

#[derive(Debug, Clone, Copy)]
pub struct Door {
    pub proxy: Proxy,
    /// Connections open at once; at the limit, new ones wait in the system's queue.
    pub connections: usize,
    /// Of these, from one part of the network; one more is closed.
    pub per_prefix: usize,
    /// A connection says what it wants within this time, also between two requests.
    pub headers: Duration,
    /// Whoever takes nothing of an answer for so long is let go.
    pub writing: Duration,
    /// What requests get to finish once the relay was told to stop.
    pub farewell: Duration,
    /// What a connection holds in memory of what it reads, and of what waits to be written.
    pub buffer_bytes: usize,
}

impl Default for Door {
    fn default() -> Door {
        Door {
            proxy: Proxy::default(),
            connections: 2_048,
            per_prefix: 64,
            headers: Duration::from_secs(10),
            writing: Duration::from_secs(30),
            farewell: Duration::from_secs(8),
            buffer_bytes: 16 * 1024,
        }
    }
}

impl Door {
    /// Takes connections until `stop`, then lets requests end. `closing` is called in between.
    pub async fn keep(self, listener: TcpListener, app: Router, stop: impl Future<Output = ()>, closing: impl FnOnce()) {
        let places = Places::new(self.connections, self.per_prefix);
        let graceful = GracefulShutdown::new();
        let mut stop = pin!(stop);
        loop {
            let entering = async {
                let free = places.free().await;
                (free, listener.accept().await)
            };
            let (free, accepted) = tokio::select! {
                entered = entering => entered,
                () = &mut stop => break,
            };
            match accepted {
                Ok((stream, peer)) => {
                    let prefix = self.proxy.connection(peer.ip());
                    if let Some(place) = places.give(free, prefix) {
                        tokio::spawn(self.serve(stream, peer.ip(), place, app.clone(), graceful.watcher()));
                    }
                }
                Err(error) => refused(&error).await,
            }
        }
        drop(listener);
        closing();
        tokio::time::timeout(self.farewell, graceful.shutdown()).await.ok();
    }

    async fn serve(self, stream: TcpStream, peer: IpAddr, place: Place, app: Router, watcher: Watcher) {
        // Small answers leave at once; without it a batch's acknowledgement can wait for 40 ms.
        stream.set_nodelay(true).ok();
        let mut stream = TimeoutWriter::new(stream);
        stream.set_timeout(Some(self.writing));
        let answer = service_fn(move |mut request: Request<Incoming>| {
            let origin = Origin(self.proxy.request(peer, request.headers()));
            request.extensions_mut().insert(origin);
            app.clone().oneshot(request.map(Body::new))
        });
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(self.headers).max_buf_size(self.buffer_bytes);
        let serving = http.serve_connection(TokioIo::new(Box::pin(stream)), answer);
        // A phone that lost its network in the middle is nothing to report.
        watcher.watch(serving).await.ok();
        drop(place);
    }
}

/// Most likely too many files are open: others may close some meanwhile.
async fn refused(error: &Error) {
    report(format!("a connection could not be taken: {}", error.kind()));
    tokio::time::sleep(Duration::from_millis(100)).await;
}
