//! Which part of the network a request comes from, and whose word is taken for it.
//!
//! Behind a web server every connection comes from that server, and what it appended last to
//! `X-Forwarded-For` names the other side. Whoever is not believed may write there what they like.

use axum::http::HeaderMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// A /24 of IPv4 or a /56 of IPv6: what one household or one small network has, so that nobody gets
/// more by changing addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Prefix([u8; 8]);

impl Prefix {
    pub fn of(address: IpAddr) -> Prefix {
        match address.to_canonical() {
            IpAddr::V4(address) => {
                let [a, b, c, _] = address.octets();
                Prefix([4, a, b, c, 0, 0, 0, 0])
            }
            IpAddr::V6(address) => {
                let [a, b, c, d, e, f, g, ..] = address.octets();
                Prefix([6, a, b, c, d, e, f, g])
            }
        }
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The web server in front of the relay.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Proxy {
    /// Whatever speaks from this machine or from a private network: a web server, a container's
    /// bridge, or the people of a house who share one network and must not share one limit.
    #[default]
    Private,
    At(IpAddr),
    Nobody,
}

impl Proxy {
    fn is(self, peer: IpAddr) -> bool {
        match (self, peer.to_canonical()) {
            (Proxy::Nobody, _) => false,
            (Proxy::At(address), peer) => address.to_canonical() == peer,
            (Proxy::Private, IpAddr::V4(peer)) => peer.is_loopback() || peer.is_private() || peer.is_link_local(),
            (Proxy::Private, IpAddr::V6(peer)) => {
                peer == Ipv6Addr::LOCALHOST || peer.is_unique_local() || peer.is_unicast_link_local()
            }
        }
    }

    /// Whom a connection from `peer` counts for; `None` where it carries the requests of many.
    pub fn connection(self, peer: IpAddr) -> Option<Prefix> {
        (!self.is(peer)).then(|| Prefix::of(peer))
    }

    /// Whom a request counts for; `None` where the proxy does not say for whom it asks.
    pub fn request(self, peer: IpAddr, headers: &HeaderMap) -> Option<Prefix> {
        match self.is(peer) {
            false => Some(Prefix::of(peer)),
            true => forwarded(headers).map(Prefix::of),
        }
    }
}

impl FromStr for Proxy {
    type Err = String;

    fn from_str(text: &str) -> Result<Proxy, String> {
        match text {
            "private" => Ok(Proxy::Private),
            "none" => Ok(Proxy::Nobody),
            address => address.parse().map(Proxy::At).map_err(|_| "give private, none, or one IP address".to_owned()),
        }
    }
}

/// The last address: the one that the proxy itself appended.
fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all(FORWARDED_FOR).iter().next_back()?.to_str().ok()?.rsplit(',').next()?.trim();
    last.parse().ok().or_else(|| last.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

/// Stands in a request's extensions when it came over the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin(pub Option<Prefix>);

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn neighbours_share_a_prefix() {
        let same = |one: &str, other: &str| Prefix::of(ip(one)) == Prefix::of(ip(other));
        assert!(same("203.0.113.1", "203.0.113.254") && !same("203.0.113.1", "203.0.114.1"));
        assert!(same("2001:db8:0:ff00::1", "2001:db8:0:ffff::2") && !same("2001:db8:0:ff00::1", "2001:db8:1::1"));
        assert!(same("::ffff:203.0.113.1", "203.0.113.2"));
    }

    #[test]
    fn only_the_proxys_own_word_is_taken() {
        let mut headers = HeaderMap::new();
        headers.append(FORWARDED_FOR, HeaderValue::from_static("198.51.100.7, 192.0.2.1"));
        headers.append(FORWARDED_FOR, HeaderValue::from_static("192.0.2.2, 203.0.113.9"));
        let named = Some(Prefix::of(ip("203.0.113.9")));
        let stranger = ip("198.51.100.99");
        let check = |proxy: &str, peer: IpAddr, connection: Option<Prefix>, request: Option<Prefix>| {
            let proxy: Proxy = proxy.parse().expect("as documented");
            assert_eq!((proxy.connection(peer), proxy.request(peer, &headers)), (connection, request), "{proxy:?} {peer}");
        };
        let itself = |peer: IpAddr| Some(Prefix::of(peer));
        check("private", stranger, itself(stranger), itself(stranger));
        check("private", ip("127.0.0.1"), None, named);
        check("private", ip("::1"), None, named);
        check("private", ip("10.88.0.1"), None, named);
        check("198.51.100.99", stranger, None, named);
        check("198.51.100.99", ip("127.0.0.1"), itself(ip("127.0.0.1")), itself(ip("127.0.0.1")));
        check("none", ip("127.0.0.1"), itself(ip("127.0.0.1")), itself(ip("127.0.0.1")));
        assert_eq!(Proxy::Private.request(ip("127.0.0.1"), &HeaderMap::new()), None);
        assert!("everyone".parse::<Proxy>().is_err());
    }
}
