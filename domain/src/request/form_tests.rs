//! What a form means, held against what the same request means as JSON; and what is taken of it.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::*;
use crate::failure::FailureCode;
use crate::fingerprint::{CacheScope, Fingerprint};
use crate::picture::PictureFormat;
use crate::request::generated::LIMITS;
use crate::request::{
    FormReading, FormRefused, ImageRequest, MOST_PARTS, MOST_TEXT_BYTES, Multipart, Part, PartHead,
    PartReading, PictureHash, Piece, ReferenceKey, UpstreamBody,
};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

fn endpoint(path: &str) -> Endpoint {
    Endpoint::at(path).unwrap()
}

fn picture(field: &str, content: u8) -> Reference {
    Reference {
        field: field.to_owned(),
        key: ReferenceKey::new([content; 16], 0),
        sha256: PictureHash::new([content; 32]),
        bytes: 100,
        format: PictureFormat::Png,
    }
}

fn form(texts: &[(&str, &str)], pictures: &[(&str, u8)]) -> Form {
    let text = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
    let pictures = pictures.iter();
    Form {
        texts: texts.iter().map(text).collect(),
        pictures: pictures
            .map(|(field, content)| picture(field, *content))
            .collect(),
    }
}

fn parse(path: &str, form: Form) -> Result<ImageRequest, InvalidRequest> {
    let asked = ImageRequest::parse_form(endpoint(path), form, &LIMITS);
    asked.map(|asked| asked.request)
}

fn refusal(path: &str, texts: &[(&str, &str)], pictures: &[(&str, u8)]) -> (String, String) {
    let refused = parse(path, form(texts, pictures)).unwrap_err();
    (refused.field, refused.message)
}

const V3: &str = "/v1/ideogram-v3/generate";
const V4: &str = "/v1/ideogram-v4/generate";

#[track_caller]
fn same(path: &str, texts: &[(&str, &str)], body: Value) {
    let of_form = parse(path, form(texts, &[])).unwrap();
    let of_json = ImageRequest::parse(endpoint(path), &body, &LIMITS);
    assert_eq!(of_form, of_json.unwrap().request);
}

#[test]
fn a_form_means_what_the_same_request_means_as_json() {
    let texts = [
        ("prompt", "a fox"),
        ("num_images", "2"),
        ("seed", " 7 "),
        ("rendering_speed", "TURBO"),
        ("aspect_ratio", "16x9"),
        ("negative_prompt", "true"),
        ("enable_copyright_detection", "true"),
        (
            "color_palette",
            r##"{"members": [{"color_hex": "#fff", "color_weight": 0.5}]}"##,
        ),
        ("style_codes", "A1B2C3D4, 00000000"),
        ("style_codes", "ffffffff"),
    ];
    let body = json!({
        "prompt": "a fox", "num_images": 2, "seed": 7, "rendering_speed": "TURBO",
        "aspect_ratio": "16x9", "negative_prompt": "true", "enable_copyright_detection": true,
        "color_palette": {"members": [{"color_hex": "#fff", "color_weight": 0.5}]},
        "style_codes": ["A1B2C3D4", "00000000", "ffffffff"],
    });
    same(V3, &texts, body);
    let described = r#"{"high_level_description": "a fox",
        "compositional_deconstruction": {"background": "snow", "elements": []}}"#;
    let parsed: Value = serde_json::from_str(described).unwrap();
    let body = json!({"json_prompt": parsed, "seed": 7});
    same(V4, &[("json_prompt", described), ("seed", "7")], body);
}

#[test]
fn what_does_not_look_like_what_its_field_takes_is_refused_as_in_json() {
    for (name, text) in [
        ("seed", "seven"),
        ("seed", "-1"),
        ("num_images", "9"),
        ("num_images", "1.5"),
        ("enable_copyright_detection", "yes"),
        ("color_palette", "[object Object]"),
        ("color_palette", "EMBER"),
        ("style_codes", "xyz"),
        ("aspect_ratio", "1:1"),
    ] {
        let (field, message) = refusal(V3, &[("prompt", "a fox"), (name, text)], &[]);
        assert!(field.starts_with(name), "{field}: {message}");
        assert!(!message.contains(text), "{message}");
    }
}

#[test]
fn a_field_is_given_once() {
    for name in ["prompt", "seed", "num_images", "color_palette"] {
        let texts = [("prompt", "a fox"), (name, "{}"), (name, "{}")];
        let texts = texts.get(usize::from(name == "prompt")..).unwrap();
        let expected = (name.to_owned(), format!("{name} is given more than once"));
        assert_eq!(refusal(V3, texts, &[]), expected);
    }
}

#[test]
fn the_one_part_with_all_fields_is_json() {
    let pictures = [("image_file", 1)];
    let texts = [(
        "image_request",
        r#"{"prompt": "a fox", "image_weight": 30}"#,
    )];
    let request = parse("/remix", form(&texts, &pictures)).unwrap();
    assert_eq!(request.option("image_weight"), Some(&json!(30)));
    assert_eq!(request.prompt(), "a fox");
    let (field, message) = refusal("/remix", &[("image_request", "a fox")], &pictures);
    assert_eq!(
        (field.as_str(), message.as_str()),
        ("image_request", "image_request must be JSON")
    );
    let (field, _) = refusal("/remix", &[("prompt", "a fox")], &pictures);
    assert_eq!(
        field, "prompt",
        "beside the one part is nothing but pictures"
    );
    let twice = [texts[0], texts[0]];
    let (_, message) = refusal("/remix", &twice, &pictures);
    assert_eq!(message, "image_request is given more than once");
}

#[test]
fn a_picture_is_a_file_and_no_text_nor_json() {
    let sentence = "is a picture, which has to be a file in a multipart/form-data body";
    let body = json!({"prompt": "a fox", "style_reference_images": ["https://example.com/a.png"]});
    let refused = ImageRequest::parse(endpoint(V3), &body, &LIMITS).unwrap_err();
    assert_eq!(
        refused.message,
        format!("style_reference_images {sentence}")
    );
    let texts = [("prompt", "a fox"), ("image", "https://example.com/a.png")];
    let (_, message) = refusal("/v1/ideogram-v3/remix", &texts, &[("image", 1)]);
    assert_eq!(message, format!("image {sentence}"));
}

#[test]
fn each_endpoint_takes_its_pictures_and_so_many_of_them() {
    let fox = [("prompt", "a fox")];
    let (field, message) = refusal("/v1/ideogram-v3/remix", &fox, &[]);
    assert_eq!(field, "image");
    assert!(message.contains("must be given, as a file"), "{message}");
    let (_, message) = refusal("/v1/ideogram-v3/remix", &fox, &[("image", 1), ("image", 2)]);
    assert_eq!(message, "image takes at most 1, and 2 are given");
    let ten = [("style_reference_images", 1); 10];
    assert_eq!(parse(V3, form(&fox, &ten)).unwrap().references().len(), 10);
    let eleven = [("style_reference_images", 1); 11];
    let (field, _) = refusal(V3, &fox, &eleven);
    assert_eq!(field, "style_reference_images");
    let (field, message) = refusal(V3, &fox, &[("image", 1)]);
    assert_eq!(
        (field.as_str(), message.as_str()),
        ("image", "image takes no file")
    );
}

#[test]
fn masks_are_as_many_as_what_they_mask() {
    let fox = [("prompt", "a fox")];
    let (character, mask) = (
        "character_reference_images",
        "character_reference_images_mask",
    );
    assert!(parse(V3, form(&fox, &[(character, 1)])).is_ok());
    assert!(parse(V3, form(&fox, &[(character, 1), (mask, 2)])).is_ok());
    let (field, _) = refusal(V3, &fox, &[(mask, 2)]);
    assert_eq!(field, mask);
    let (field, _) = refusal("/v1/ideogram-v3/inpaint", &fox, &[("image", 1)]);
    assert_eq!(field, "mask");
}

#[test]
fn pictures_count_by_field_place_and_content_and_not_by_where_they_are() {
    let of = |pictures: &[(&str, u8)]| {
        let request = parse(V3, form(&[("prompt", "a fox")], pictures)).unwrap();
        Fingerprint::of(&request, &CacheScope::Shared)
    };
    let (style, character) = ("style_reference_images", "character_reference_images");
    let before = of(&[(style, 1), (style, 2), (character, 3)]);
    assert_eq!(of(&[(character, 3), (style, 1), (style, 2)]), before);
    assert_ne!(of(&[(style, 2), (style, 1), (character, 3)]), before);
    assert_ne!(of(&[(style, 1), (style, 2), (character, 4)]), before);
    assert_ne!(of(&[(style, 1), (style, 2)]), before);
    let mut moved = form(
        &[("prompt", "a fox")],
        &[(style, 1), (style, 2), (character, 3)],
    );
    for picture in &mut moved.pictures {
        picture.key = ReferenceKey::new([9; 16], 5);
    }
    let moved = parse(V3, moved).unwrap();
    assert_eq!(Fingerprint::of(&moved, &CacheScope::Shared), before);
}

/// Reads parts as they would come, two bytes at a time.
fn read(path: &str, parts: &[(PartHead<'_>, &[u8])]) -> Result<Form, FormRefused> {
    let mut reading = FormReading::new(endpoint(path));
    for (index, (head, bytes)) in parts.iter().enumerate() {
        match reading.begin(*head)? {
            PartReading::Text(mut text) => {
                bytes.chunks(2).try_for_each(|piece| text.take(piece))?;
                reading.end_text(text)?;
            }
            PartReading::Picture(mut picture) => {
                bytes.chunks(2).try_for_each(|piece| picture.take(piece))?;
                let reference = picture.end(ReferenceKey::new([7; 16], index))?;
                reference
                    .into_iter()
                    .for_each(|reference| reading.add_picture(reference));
            }
        }
    }
    Ok(reading.form())
}

fn named(name: &str) -> PartHead<'_> {
    let name = Some(name);
    PartHead {
        name,
        ..PartHead::default()
    }
}

fn file<'part>(name: &'part str, content_type: &'part str) -> PartHead<'part> {
    PartHead {
        name: Some(name),
        file_name: Some("blob"),
        content_type: Some(content_type),
    }
}

#[test]
fn a_picture_is_known_by_its_bytes_whatever_it_says_it_is() {
    let parts = [
        (named("prompt"), &b"a fox"[..]),
        (file("image", "text/plain"), PNG),
    ];
    let read = read("/v1/ideogram-v3/remix", &parts).unwrap();
    assert_eq!(read.texts, [("prompt".into(), "a fox".into())]);
    let [picture] = &read.pictures[..] else {
        panic!("{read:?}");
    };
    assert_eq!(
        (picture.bytes, picture.format),
        (PNG.len() as u64, PictureFormat::Png)
    );
    assert_eq!(picture.sha256, PictureHash::new(Sha256::digest(PNG).into()));
}

#[test]
fn json_may_come_as_a_file_and_a_file_nobody_chose_is_none() {
    let request = br#"{"prompt": "a fox"}"#;
    let parts = [(
        file("image_request", "application/json; charset=utf-8"),
        &request[..],
    )];
    assert_eq!(read("/remix", &parts).unwrap().texts.len(), 1);
    let nothing = PartHead {
        file_name: Some(""),
        content_type: Some("application/octet-stream"),
        ..named("style_reference_images")
    };
    let parts = [(named("prompt"), &b"a fox"[..]), (nothing, b"")];
    assert_eq!(read(V3, &parts).unwrap().pictures, []);
}

#[test]
fn what_is_no_part_of_a_request_is_refused_where_it_stands() {
    let refused = |path: &str, head, bytes: &[u8]| {
        let refused = read(path, &[(head, bytes)]).unwrap_err();
        (
            refused.code.status(),
            refused.reason.field,
            refused.reason.message,
        )
    };
    let one = |status, field: &str, message: &str| (status, field.to_owned(), message.to_owned());
    let nameless = PartHead::default();
    assert_eq!(
        refused(V3, nameless, b""),
        one(400, "body", "body has a part without a name")
    );
    let unknown = file("image", "image/png");
    assert_eq!(
        refused(V3, unknown, PNG),
        one(400, "image", "image takes no file")
    );
    let no_picture = one(400, "image", "image must be a PNG, JPEG or WebP picture");
    let remix = "/v1/ideogram-v3/remix";
    for bytes in [&b""[..], b"\x89PNG", b"GIF89a and the rest of it"] {
        assert_eq!(
            refused(remix, file("image", "image/png"), bytes),
            no_picture
        );
    }
    let not_text = one(400, "prompt", "prompt must be text in UTF-8");
    assert_eq!(refused(V3, named("prompt"), b"\xFF"), not_text);
    let private = "somebody's name";
    let (_, field, message) = refused(V3, file(private, "image/png"), PNG);
    assert!(!field.contains(private) && !message.contains(private));
}

#[test]
fn what_is_too_large_is_refused_before_all_of_it_is_there() {
    let too_large = |refused: FormRefused| {
        assert_eq!(refused.code, FailureCode::PayloadTooLarge);
        refused.reason.field
    };
    for (path, field, most) in [
        ("/describe", "image_file", 10_000_000),
        ("/v1/ideogram-v3/remix", "image", 25_000_000),
    ] {
        let mut reading = FormReading::new(endpoint(path));
        let Ok(PartReading::Picture(mut picture)) = reading.begin(named(field)) else {
            panic!("{path}");
        };
        picture.take(PNG).unwrap();
        picture.take(&vec![0; most - PNG.len()]).unwrap();
        assert_eq!(too_large(picture.take(b"0").unwrap_err()), field);
    }
    let half = vec![b'a'; MOST_TEXT_BYTES / 2];
    let text = (named("prompt"), &half[..]);
    assert!(read(V3, &[text, text]).is_ok());
    assert_eq!(
        too_large(read(V3, &[text, text, (named("seed"), b"1")]).unwrap_err()),
        "body"
    );
    let code = (named("style_codes"), &b"A1B2C3D4"[..]);
    assert!(read(V3, &vec![code; MOST_PARTS]).is_ok());
    let refused = read(V3, &vec![code; MOST_PARTS + 1]).unwrap_err();
    assert_eq!(refused.code, FailureCode::InvalidRequest);
    let pictures = vec![(named("style_reference_images"), PNG); 13];
    let refused = read(V3, &pictures).unwrap_err();
    assert_eq!(refused.reason.field, "style_reference_images");
}

#[test]
fn what_is_sent_is_as_long_as_it_says_and_has_every_part() {
    let request = form(
        &[("image_request", r#"{"prompt": "a\r\n--fox"}"#)],
        &[("image_file", 1)],
    );
    let UpstreamBody::Form(parts) = parse("/remix", request).unwrap().upstream_body() else {
        panic!("not a form");
    };
    let of_json = parts
        .iter()
        .filter(|part| matches!(part, Part::Json { .. }))
        .count();
    assert_eq!((parts.len(), of_json), (2, 1));
    let form = Multipart::new(parts, [0xAB; 16]);
    let mut wire = vec![];
    for piece in form.pieces() {
        match piece {
            Piece::Bytes(text) => wire.extend(text.bytes()),
            Piece::Picture(reference) => wire.extend(vec![0; reference.bytes as usize]),
        }
    }
    assert_eq!(wire.len() as u64, form.length());
    let text = String::from_utf8(wire).unwrap();
    let boundary = "ab".repeat(16);
    assert_eq!(
        form.content_type(),
        format!("multipart/form-data; boundary={boundary}")
    );
    assert_eq!(text.matches(&format!("--{boundary}\r\n")).count(), 2);
    assert!(text.ends_with(&format!("\r\n--{boundary}--\r\n")));
    assert!(
        text.contains("name=\"image_file\"; filename=\"1.png\"\r\nContent-Type: image/png\r\n\r\n")
    );
    assert!(text.contains("name=\"image_request\"\r\nContent-Type: application/json\r\n\r\n{"));
}
