//! Whose wrong keys are counted together: an IPv4 address, or the /64 network that one holder of IPv6
//! addresses has at least (RFC 6177), so that nobody has a fresh count for each of 2^64 addresses.

use std::net::IpAddr;

/// The network that stands for an address; a text that is none stands for itself.
#[must_use]
pub fn network_of(address: &str) -> String {
    match address.parse() {
        Ok(IpAddr::V6(address)) => match address.to_ipv4_mapped() {
            Some(address) => address.to_string(),
            None => {
                let network = address.to_bits() >> 64 << 64;
                format!("{}/64", std::net::Ipv6Addr::from_bits(network))
            }
        },
        _ => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_network_count_together() {
        for (address, network) in [
            ("192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("", ""),
        ] {
            assert_eq!(network_of(address), network);
        }
    }
}
