//! Requests that come as forms, with their pictures: what has to be there, what goes on, what counts.

use super::*;

type Texts = &'static [(&'static str, &'static str)];

/// Everything that has to be there, for each endpoint that needs a picture: the path, the texts, the
/// fields of pictures.
const WITH_PICTURES: &[(&str, Texts, &[&str])] = &[
    (
        "/remix",
        &[("image_request", r#"{"prompt": "a fox"}"#)],
        &["image_file"],
    ),
    (
        "/edit",
        &[("prompt", "a fox"), ("model", "V_2")],
        &["image_file", "mask"],
    ),
    (
        "/reframe",
        &[("resolution", "RESOLUTION_640_1024"), ("model", "V_2")],
        &["image_file"],
    ),
    ("/upscale", &[("image_request", "{}")], &["image_file"]),
    ("/describe", &[], &["image_file"]),
    ("/v1/ideogram-v3/remix", &[("prompt", "a fox")], &["image"]),
    (
        "/v1/ideogram-v3/inpaint",
        &[("prompt", "a fox")],
        &["image", "mask"],
    ),
    (
        "/v1/ideogram-v3/edit",
        &[("prompt", "a fox")],
        &["image", "mask"],
    ),
    (
        "/v1/ideogram-v3/reframe",
        &[("resolution", "512x1536")],
        &["image"],
    ),
    (
        "/v1/ideogram-v3/replace-background",
        &[("prompt", "a beach")],
        &["image"],
    ),
];

#[test]
fn what_an_endpoint_needs_is_asked_for_by_name() {
    for (path, texts, fields) in WITH_PICTURES {
        let pictures: Vec<_> = fields.iter().map(|field| picture(field, 1)).collect();
        form_at(path, texts, &pictures).unwrap();
        for missing in 0..pictures.len() {
            let mut fewer = pictures.clone();
            let field = fewer.remove(missing).field;
            assert_eq!(
                form_at(path, texts, &fewer).unwrap_err().field,
                field,
                "{path}"
            );
        }
        for missing in 0..texts.len() {
            let mut fewer = texts.to_vec();
            let (name, _) = fewer.remove(missing);
            let error = form_at(path, &fewer, &pictures).unwrap_err();
            assert!(
                error.field.starts_with(name),
                "{path} without {name}: {error}"
            );
        }
        let mut more = pictures.clone();
        more.push(picture(fields.first().unwrap(), 2));
        let error = form_at(path, texts, &more).unwrap_err();
        assert!(
            error.message.ends_with("takes at most 1, and 2 are given"),
            "{error}"
        );
        let mut stranger = pictures;
        stranger.push(picture("logo", 3));
        assert_eq!(form_at(path, texts, &stranger).unwrap_err().field, "logo");
    }
}

#[test]
fn a_request_with_pictures_goes_on_as_a_form_with_everything_in_it() {
    let pictures = [picture("mask", 2), picture("image", 1)];
    let texts = [
        ("color_palette", r##"{"members": [{"color_hex": "#abc"}]}"##),
        ("prompt", "a fox"),
        ("style_codes", "AAFF5733,0133FF57"),
        ("seed", "7"),
        ("enable_copyright_detection", "true"),
        ("num_images", "2"),
    ];
    let request = form_at("/v1/ideogram-v3/inpaint", &texts, &pictures).unwrap();
    let text = |name: &str, text: &str| Part::Text {
        name: name.to_owned(),
        text: text.to_owned(),
    };
    let expected = vec![
        Part::Json {
            name: "color_palette".to_owned(),
            value: json!({ "members": [{ "color_hex": "#AABBCC" }] }),
        },
        text("enable_copyright_detection", "true"),
        text("num_images", "2"),
        text("prompt", "a fox"),
        text("rendering_speed", "DEFAULT"),
        text("seed", "7"),
        text("style_codes", "AAFF5733"),
        text("style_codes", "0133FF57"),
        Part::Picture(picture("image", 1)),
        Part::Picture(picture("mask", 2)),
    ];
    assert_eq!(request.upstream_body(), UpstreamBody::Form(expected));
}

#[test]
fn the_same_words_are_the_same_request_as_json_and_as_a_form() {
    let json = v3(json!({ "prompt": "a fox", "seed": 7, "num_images": 2 })).unwrap();
    let texts = [("num_images", "2"), ("prompt", "a fox"), ("seed", "7")];
    let form = form_at("/v1/ideogram-v3/generate", &texts, &[]).unwrap();
    assert_eq!(form, json);
}

#[test]
fn the_bytes_of_a_picture_make_a_request_and_not_where_they_lie() {
    let remix = |byte: u8, folder: u8| {
        let mut reference = picture("image", byte);
        reference.key = ReferenceKey::new([folder; 16], 0);
        form_at(
            "/v1/ideogram-v3/remix",
            &[("prompt", "a fox")],
            &[reference],
        )
        .unwrap()
    };
    assert_eq!(fingerprint(&remix(1, 1)), fingerprint(&remix(1, 2)));
    assert_ne!(fingerprint(&remix(1, 1)), fingerprint(&remix(2, 1)));
    let styled = |fields: [&str; 2]| {
        let pictures = [picture(fields[0], 1), picture(fields[1], 2)];
        fingerprint(&form_at("/v1/ideogram-v3/remix", &[("prompt", "a fox")], &pictures).unwrap())
    };
    let one = styled(["image", "style_reference_images"]);
    assert_ne!(one, styled(["style_reference_images", "image"]));
}

#[test]
fn what_the_safety_check_refuses_is_known_by_its_picture_too() {
    let describe = |byte: u8| form_at("/describe", &[], &[picture("image_file", byte)]).unwrap();
    let of = |byte| PromptFingerprint::of(&describe(byte)).to_string();
    assert_eq!(of(1), of(1));
    assert_ne!(of(1), of(2), "nothing is said in either");
}

#[test]
fn masks_are_as_many_as_what_they_belong_to() {
    let pictures = [picture("character_reference_images_mask", 1)];
    let error = form_at(
        "/v1/ideogram-v3/generate",
        &[("prompt", "a fox")],
        &pictures,
    );
    assert_eq!(
        error.unwrap_err().message,
        "character_reference_images_mask must have one mask for each of character_reference_images"
    );
}

#[test]
fn prices_follow_speed_character_transparency_and_unit() {
    let price = |request: &ImageRequest| {
        let images = request.images().get();
        let unit = PriceTable::standard().of(request.rate());
        unit.times(request.units(images)).to_string()
    };
    let character = form_at(
        "/v1/ideogram-v3/generate",
        &[
            ("prompt", "a fox"),
            ("rendering_speed", "QUALITY"),
            ("num_images", "3"),
        ],
        &[picture("character_reference_images", 1)],
    );
    assert_eq!(price(&character.unwrap()), "0.6");
    assert_eq!(
        price(&v3(with("rendering_speed", json!("FLASH"))).unwrap()),
        "0.03"
    );
    let transparent = |factor| {
        json_at(
            TRANSPARENT,
            json!({ "prompt": "a fox", "upscale_factor": factor }),
        )
        .unwrap()
    };
    assert_eq!(price(&transparent("X1")), "0.07");
    assert_eq!(transparent("X2").rate().extra, Extra::TransparentEnlarged);
    assert_eq!(
        price(&v4(json!({ "text_prompt": "a fox" })).unwrap()),
        "0.06"
    );
    let upscale = [("image_request", r#"{"num_images": 4}"#)];
    let upscale = form_at("/upscale", &upscale, &[picture("image_file", 1)]).unwrap();
    assert_eq!((price(&upscale).as_str(), upscale.units(0)), ("0.2", 0));
    let described = form_at("/describe", &[], &[picture("image_file", 1)]).unwrap();
    assert_eq!(described.endpoint().product(), Product::Descriptions);
    assert_eq!(price(&described), "0.2");
}

#[test]
fn a_form_says_what_is_wrong_with_it_by_field() {
    let path = "/v1/ideogram-v3/generate";
    for (texts, field) in [
        (vec![("prompt", "a fox"), ("prompt", "a hare")], "prompt"),
        (vec![("prompt", "a fox"), ("seed", "seven")], "seed"),
        (vec![("prompt", "a fox"), ("seed", "-1")], "seed"),
        (vec![("prompt", "a fox"), ("num_images", "9")], "num_images"),
        (
            vec![("prompt", "a fox"), ("enable_copyright_detection", "yes")],
            "enable_copyright_detection",
        ),
        (
            vec![("prompt", "a fox"), ("color_palette", "[object Object]")],
            "color_palette",
        ),
        (vec![("prompt", "a fox"), ("cfg_scale", "7")], "cfg_scale"),
        (vec![("prompt", "a fox"), ("image", "not a file")], "image"),
        (vec![("seed", "7")], "prompt"),
    ] {
        let error = form_at(path, &texts, &[]).unwrap_err();
        assert_eq!(error.field, field, "{error}");
    }
    let pictures = [picture("image_file", 1)];
    let error = form_at("/remix", &[("image_request", "{")], &pictures).unwrap_err();
    assert_eq!(error.message, "image_request must be JSON");
    let error = form_at("/remix", &[("prompt", "a fox")], &pictures).unwrap_err();
    assert_eq!(error.field, "prompt");
}

#[test]
fn a_picture_in_json_is_refused_with_the_way_to_send_it() {
    let error = v3(with(
        "style_reference_images",
        json!(["https://example.com/a.png"]),
    ));
    assert_eq!(
        error.unwrap_err().message,
        "style_reference_images is a picture, which has to be a file in a multipart/form-data body"
    );
}

#[test]
fn a_stored_request_is_read_again_with_its_pictures() {
    let pictures = [picture("image_file", 1)];
    let request = form_at("/describe", &[], &pictures).unwrap();
    let stored = serde_json::to_string(&request).unwrap();
    assert_eq!(
        serde_json::from_str::<ImageRequest>(&stored).unwrap(),
        request
    );
    assert_eq!(request.prompt(), "");
    assert_eq!(request.said(), None);
}

#[test]
fn personal_data_is_found_in_forms_too() {
    let texts = [(
        "image_request",
        r#"{"prompt": "mail jane.doe@example.com a fox"}"#,
    )];
    let asked = asked_at("/remix", &texts, &[picture("image_file", 1)]).unwrap();
    assert!(!asked.redactions.is_empty());
    assert!(!asked.request.prompt().contains("jane"));
}
