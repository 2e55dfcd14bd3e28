//! The parameters of a query, decoded, in the order in which they are given.

use worker::Request;

use crate::error::Refused;

pub fn parameters(request: &Request) -> Result<Vec<(String, String)>, Refused> {
    Ok(request.url()?.query_pairs().into_owned().collect())
}
