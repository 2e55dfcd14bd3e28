//! `GET /images/{key}`: a kept picture, streamed from R2 without a copy. Pictures never change, so
//! they may be cached for ever; conditional requests and ranges are answered as RFC 9110 says.

use domain::byte_range::ByteRange;
use domain::entity_tag::EntityTag;
use domain::failure::FailureCode;
use domain::picture_key::PictureKey;
use worker::{Headers, Method, Range, Request, Response, ResponseBuilder};

use super::Visit;
use crate::error::Refused;
use crate::storage::{StoredPicture, get_picture, head_picture};

pub async fn get(visit: &mut Visit<'_>, request: &Request, key: &str) -> Result<Response, Refused> {
    let key = PictureKey::parse(&format!("images/{key}")).ok_or_else(nothing)?;
    let conditional = ["if-none-match", "range"];
    let plain = request.method() == Method::Get
        && !conditional
            .iter()
            .any(|name| header(request, name).is_some());
    if plain {
        let picture = get_picture(visit.env, &key, None)
            .await?
            .ok_or_else(nothing)?;
        let headers = headers(&picture, &key)?;
        return whole(&picture, headers);
    }
    let picture = head_picture(visit.env, &key).await?.ok_or_else(nothing)?;
    let headers = headers(&picture, &key)?;
    let tag: Option<EntityTag> = picture.http_etag().parse().ok();
    let asked = |name| header(request, name);
    if let (Some(tag), Some(known)) = (&tag, asked("if-none-match"))
        && tag.is_in_if_none_match(&known)
    {
        return Ok(ResponseBuilder::new()
            .with_status(304)
            .with_headers(headers)
            .empty());
    }
    if request.method() == Method::Head {
        headers.set("content-length", &picture.size().to_string())?;
        return Ok(ResponseBuilder::new().with_headers(headers).empty());
    }
    let range = asked("range").filter(|_| {
        let condition = asked("if-range");
        condition.is_none_or(|known| tag.as_ref().is_some_and(|tag| tag.is_if_range(&known)))
    });
    let size = picture.size();
    match range.map_or(ByteRange::Whole, |range| ByteRange::parse(&range, size)) {
        ByteRange::Whole => {
            let picture = get_picture(visit.env, &key, None)
                .await?
                .ok_or_else(nothing)?;
            whole(&picture, headers)
        }
        ByteRange::Part { first, last } => part(visit, &key, headers, (first, last, size)).await,
        ByteRange::Unsatisfiable => Err(Refused::new(
            FailureCode::RangeNotSatisfiable,
            format!("the picture has {size} bytes"),
        )
        .with_header("content-range", format!("bytes */{size}"))),
    }
}

fn nothing() -> Refused {
    Refused::new(FailureCode::NotFound, "there is no such picture")
}

fn header(request: &Request, name: &str) -> Option<String> {
    request.headers().get(name).ok().flatten()
}

fn headers(picture: &StoredPicture, key: &PictureKey) -> worker::Result<Headers> {
    let headers = Headers::new();
    headers.set("content-type", key.format().content_type())?;
    headers.set("etag", &picture.http_etag())?;
    headers.set("cache-control", "public, max-age=31536000, immutable")?;
    headers.set("accept-ranges", "bytes")?;
    headers.set("x-content-type-options", "nosniff")?;
    Ok(headers)
}

fn whole(picture: &StoredPicture, headers: Headers) -> Result<Response, Refused> {
    let body = picture.body().ok_or_else(nothing)?.response_body()?;
    headers.set("content-length", &picture.size().to_string())?;
    Ok(ResponseBuilder::new().with_headers(headers).body(body))
}

async fn part(
    visit: &Visit<'_>,
    key: &PictureKey,
    headers: Headers,
    (first, last, size): (u64, u64, u64),
) -> Result<Response, Refused> {
    let length = last - first + 1;
    let range = Range::OffsetWithLength {
        offset: first,
        length,
    };
    let picture = get_picture(visit.env, key, Some(range))
        .await?
        .ok_or_else(nothing)?;
    let body = picture.body().ok_or_else(nothing)?.response_body()?;
    headers.set("content-range", &format!("bytes {first}-{last}/{size}"))?;
    headers.set("content-length", &length.to_string())?;
    Ok(ResponseBuilder::new()
        .with_status(206)
        .with_headers(headers)
        .body(body))
}
