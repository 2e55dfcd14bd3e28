//! Addresses of machines: IPv4 (RFC 791) and IPv6 (RFC 4291) with their port or prefix length, and
//! hardware addresses (IEEE 802: six pairs of hexadecimal digits).

use super::Found;
use super::kind::Kind;
use super::lexicon::{IP, MAC, OTHER_NUMBER};
use super::text::{Text, going_back};
use super::tokens::{is_told_before, told_before};

pub(super) fn find(text: &Text, found: &mut Vec<Found>) {
    let mut done = 0;
    for index in 0..text.tokens() {
        let start = text.token(index).start;
        if start < done || text.is_glued_before(start) {
            continue;
        }
        if let Some((kind, end)) = address_at(text, index, start) {
            found.push(Found { kind, start, end });
            done = end;
        }
    }
}

fn address_at(text: &Text, index: usize, start: usize) -> Option<(Kind, usize)> {
    let first = text.at(start);
    if !first.is_ascii_hexdigit() && first != ':' {
        return None;
    }
    if let Some(end) = mac_end(text, start).or_else(|| bare_mac_end(text, index, start)) {
        return Some((Kind::MacAddress, end));
    }
    if let Some(end) = version_4_end(text, index, start) {
        return Some((Kind::IpAddress, end));
    }
    version_6_end(text, index, start).map(|end| (Kind::IpAddress, end))
}

fn hex_end(text: &Text, start: usize, most: usize) -> usize {
    text.run_end(start, most, |c| c.is_ascii_hexdigit())
}

/// `00:1A:2B:3C:4D:5E`, `00-1A-2B-3C-4D-5E` or `001A.2B3C.4D5E`.
fn mac_end(text: &Text, start: usize) -> Option<usize> {
    let (size, count) = match text.at(start + 4) {
        '.' => (4, 3),
        _ => (2, 6),
    };
    let separator = text.at(start + size);
    let is_separator = if size == 4 {
        separator == '.'
    } else {
        ":-".contains(separator)
    };
    if !is_separator || ":-.".contains(text.before(start)) {
        return None;
    }
    let end = start + count * (size + 1) - 1;
    let is_mac = (start..end).enumerate().all(|(place, sign)| {
        let character = text.at(sign);
        match place % (size + 1) == size {
            true => character == separator,
            false => character.is_ascii_hexdigit(),
        }
    });
    // Digits alone, with dashes or dots, are a list or a date.
    let has_letter = (start..end).any(|sign| text.at(sign).is_ascii_alphabetic());
    let is_continued = text.is_glued(end) || text.at(end) == separator && text.is_glued(end + 1);
    (is_mac && !is_continued && (has_letter || separator == ':')).then_some(end)
}

/// `001A2B3C4D5E` after a word that says what it is.
fn bare_mac_end(text: &Text, index: usize, start: usize) -> Option<usize> {
    const DIGITS: usize = 12;
    let end = hex_end(text, start, DIGITS);
    let is_mac = end == start + DIGITS && !text.is_glued(end);
    let has_digit = || (start..end).any(|sign| text.at(sign).is_ascii_digit());
    (is_mac && has_digit() && is_told_before(text, index, 3, MAC)).then_some(end)
}

/// The four numbers from 0 to 255, and the sign after them.
fn octets(text: &Text, start: usize) -> Option<([u32; 4], usize)> {
    let mut octets = [0; 4];
    let mut sign = start;
    for (place, octet) in octets.iter_mut().enumerate() {
        if place > 0 {
            if text.at(sign) != '.' {
                return None;
            }
            sign += 1;
        }
        let end = text.run_end(sign, 4, |c| c.is_ascii_digit());
        let has_zero_in_front = end - sign > 1 && text.at(sign) == '0';
        *octet = (sign..end).fold(0, |value, sign| {
            value * 10 + text.at(sign).to_digit(10).unwrap_or(0)
        });
        if end == sign || has_zero_in_front || *octet > 255 {
            return None;
        }
        sign = end;
    }
    Some((octets, sign))
}

/// Four numbers and the dots between them.
const OCTET_TOKENS: usize = 7;

/// Versions and chapters are numbered with dots, too: the word before tells, and four single digits
/// are no address without a word that says so.
fn version_4_end(text: &Text, index: usize, start: usize) -> Option<usize> {
    if ".-".contains(text.before(start)) {
        return None;
    }
    let (octets, end) = octets(text, start)?;
    let is_continued = text.is_glued(end) || ".-".contains(text.at(end)) && text.is_glued(end + 1);
    let is_version =
        told_before(text, index, 3, OTHER_NUMBER).is_some() || is_software(text, index);
    let after = text.token(index + OCTET_TOKENS);
    let is_version = is_version || after.is_about(OTHER_NUMBER);
    // Every machine calls itself so; it is nobody's address.
    let is_nobody = matches!(octets, [127, 0, 0, 1] | [0, 0, 0, 0] | [255, 255, 255, 255]);
    let is_small = octets.iter().all(|&octet| octet < 10);
    if is_continued || is_version || is_nobody || is_small && !is_told_before(text, index, 4, IP) {
        return None;
    }
    Some(with_port(text, end))
}

fn is_software(text: &Text, index: usize) -> bool {
    let word = text.token(going_back(index, 1));
    text.is_one_of(word, "v release firmware windows chrome chromium firefox safari macos ios android driver update rev")
}

/// `:8080` or `/24`.
fn with_port(text: &Text, end: usize) -> usize {
    let port_end = text.run_end(end + 1, 5, |c| c.is_ascii_digit());
    let is_port = matches!(text.at(end), ':' | '/') && port_end > end + 1;
    if is_port && !text.is_glued(port_end) {
        port_end
    } else {
        end
    }
}

/// Eight groups of up to four digits, fewer with one `::` between them; the last two may be an IPv4
/// address.
fn version_6_end(text: &Text, index: usize, start: usize) -> Option<usize> {
    if text.before(start) == ':' {
        return None;
    }
    let mut sign = start;
    let mut groups = 0;
    let mut is_shortened = false;
    let mut longest = 0;
    let mut has_digit = false;
    loop {
        if text.at(sign) == ':' && text.at(sign + 1) == ':' && !is_shortened {
            is_shortened = true;
            sign += 2;
        } else if groups > 0 {
            if text.at(sign) != ':' || !text.at(sign + 1).is_ascii_hexdigit() {
                break;
            }
            sign += 1;
        } else if text.at(sign) == ':' {
            return None;
        }
        if groups >= 1
            && let Some((_, end)) = octets(text, sign)
        {
            groups += 2;
            has_digit = true;
            sign = end;
            break;
        }
        let end = hex_end(text, sign, 5);
        if end == sign {
            break;
        }
        if end - sign > 4 || groups == 8 {
            return None;
        }
        has_digit |= (sign..end).any(|sign| text.at(sign).is_ascii_digit());
        longest = longest.max(end - sign);
        groups += 1;
        sign = end;
    }
    let is_complete = groups == 8 && !is_shortened || groups < 8 && is_shortened;
    let is_told = is_told_before(text, index, 4, IP);
    let is_likely =
        groups >= 2 && has_digit && (longest >= 3 || groups >= 4) || is_told && groups > 0;
    let is_closed = !text.is_glued(sign) && text.at(sign) != ':';
    (is_complete && is_likely && is_closed).then(|| with_zone(text, sign))
}

/// `%eth0` or `/64`.
fn with_zone(text: &Text, end: usize) -> usize {
    if !matches!(text.at(end), '%' | '/') {
        return end;
    }
    let zone = text.run_end(end + 1, 16, |c| c.is_ascii_alphanumeric());
    if zone > end + 1 { zone } else { end }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{assert_clean, assert_found};
    use super::*;

    #[test]
    fn addresses_of_both_versions_are_found() {
        assert_found(
            Kind::IpAddress,
            &[
                "server at {192.168.1.254}",
                "{10.0.0.138:8080}, ok",
                "http://{203.0.113.7}/x",
                "{10.20.0.0/16}",
                "dns {8.8.8.8}.",
                "{2001:0db8:85a3:0000:0000:8a2e:0370:7334}",
                "{2001:db8::1}",
                "{fe80::1ff:fe23:4567:890a%eth0}",
                "{::ffff:192.0.2.128}",
                "IP ：{１９２．１６８．１．２}",
            ],
        );
    }

    #[test]
    fn hardware_addresses_are_found() {
        assert_found(
            Kind::MacAddress,
            &[
                "{00:1A:2B:3C:4D:5E}",
                "mac {00-1a-2b-3c-4d-5e}.",
                "{001A.2B3C.4D5E}",
                "ETH MAC {001A2B3C4D5E}, label",
                "MAC address: {a4b1c2d3e4f5}",
            ],
        );
    }

    #[test]
    fn versions_times_and_paths_are_no_addresses() {
        assert_clean(&[
            "v10.0.19045.1",
            "version 10.0.22.1",
            "chapter 1.2.3.4",
            "1.2.3",
            "1.2.3.4.5",
            "256.1.2.3",
            "12:30:45",
            "std::vector and face::cafe",
            "01-02-03-04-05-06",
            "at 10:20:30:40",
            "::",
            "a ratio of 16:9",
            "hash 001A2B3C4D5E on a box",
            "a mac with 16 GB",
        ]);
    }
}
