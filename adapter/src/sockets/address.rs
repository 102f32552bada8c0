//! Addresses as std, as wasi:sockets and as our interface have them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::bindings::exports::smtp::transporter::tls_sockets as wit;
use crate::bindings::wasi::sockets::network::{
    IpAddress, IpAddressFamily, IpSocketAddress, Ipv4SocketAddress, Ipv6SocketAddress,
};

/// Where a try goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) ip: IpAddr,
    pub(super) port: u16,
}

impl Address {
    pub(super) fn family(self) -> IpAddressFamily {
        if self.ip.is_ipv6() { IpAddressFamily::Ipv6 } else { IpAddressFamily::Ipv4 }
    }

    pub(super) fn wasi(self) -> IpSocketAddress {
        match self.ip {
            IpAddr::V4(ip) => {
                let [a, b, c, d] = ip.octets();
                IpSocketAddress::Ipv4(Ipv4SocketAddress { port: self.port, address: (a, b, c, d) })
            }
            IpAddr::V6(ip) => {
                let [a, b, c, d, e, f, g, h] = ip.segments();
                let address = (a, b, c, d, e, f, g, h);
                IpSocketAddress::Ipv6(Ipv6SocketAddress { port: self.port, flow_info: 0, address, scope_id: 0 })
            }
        }
    }

    pub(super) fn wit(self) -> wit::Address {
        wit::Address { ip: self.ip.to_canonical().to_string(), port: self.port }
    }
}

impl From<IpSocketAddress> for Address {
    fn from(address: IpSocketAddress) -> Address {
        match address {
            IpSocketAddress::Ipv4(address) => Address { ip: ip(IpAddress::Ipv4(address.address)), port: address.port },
            IpSocketAddress::Ipv6(address) => Address { ip: ip(IpAddress::Ipv6(address.address)), port: address.port },
        }
    }
}

/// IPv4 addresses in IPv6 clothes become what they are.
pub(super) fn ip(address: IpAddress) -> IpAddr {
    match address {
        IpAddress::Ipv4((a, b, c, d)) => Ipv4Addr::new(a, b, c, d).into(),
        IpAddress::Ipv6((a, b, c, d, e, f, g, h)) => IpAddr::from(Ipv6Addr::new(a, b, c, d, e, f, g, h)).to_canonical(),
    }
}
