//! The rows of Ideogram's v2 API that take pictures, and what everything there costs.

use super::v2::generate;
use super::*;

type Texts = &'static [(&'static str, &'static str)];

fn price(request: &ImageRequest) -> String {
    let unit = PriceTable::standard().of(request.rate());
    let units = request.units(request.images().get());
    unit.times(units).to_string()
}

fn texts_of(request: &ImageRequest) -> Vec<(String, String)> {
    match request.upstream_body() {
        UpstreamBody::Json(body) => panic!("JSON: {body}"),
        UpstreamBody::Form(parts) => {
            let text = |part| match part {
                Part::Text { name, text } => Some((name, text)),
                Part::Json { name, value } => Some((name, value.to_string())),
                Part::Picture(_) => None,
            };
            parts.into_iter().filter_map(text).collect()
        }
    }
}

/// What each endpoint that needs pictures cannot be without: the path, the texts, the fields of
/// pictures.
const WITH_PICTURES: &[(&str, Texts, &[&str])] = &[
    (
        "/v2/image/generate/ideogram-3-character",
        &[("prompt", "a fox")],
        &["character_reference_images"],
    ),
    (
        "/v2/image/remix/ideogram-3",
        &[("prompt", "a fox")],
        &["image"],
    ),
    (
        "/v2/image/remix/ideogram-4",
        &[("prompt", "a fox")],
        &["image"],
    ),
    (
        "/v2/image/remix/ideogram-3-character",
        &[("prompt", "a fox")],
        &["image", "character_reference_images"],
    ),
    (
        "/v2/image/inpaint/ideogram-3",
        &[("prompt", "a fox")],
        &["image", "mask"],
    ),
    (
        "/v2/image/inpaint/ideogram-3-character",
        &[("prompt", "a fox")],
        &["image", "mask", "character_reference_images"],
    ),
    (
        "/v2/image/precise-edit/ideogram-4-5",
        &[("prompt", "a fox")],
        &["image"],
    ),
    (
        "/v2/image/reframe/ideogram-3",
        &[("resolution", "512x1536")],
        &["image"],
    ),
    (
        "/v2/image/replace-background/ideogram-3",
        &[("prompt", "a beach")],
        &["image"],
    ),
    ("/v2/image/remove-background/ideogram-1", &[], &["image"]),
    ("/v2/image/upscale/auto", &[], &["image"]),
    ("/v2/image/describe/ideogram-3", &[], &["image"]),
    ("/v2/image/describe/ideogram-4", &[], &["image"]),
];

#[test]
fn the_quality_of_version_4_5_depends_on_whether_there_are_pictures() {
    let path = "/v2/image/generate/ideogram-4-5";
    let prompt = [("prompt", "a fox")];
    let plain = form_at(path, &prompt, &[]).unwrap();
    let drawn = form_at(path, &prompt, &[picture("images", 1)]).unwrap();
    assert_eq!(plain.model(), Model::V45High);
    assert_eq!(drawn.model(), Model::V45Medium);
    let quality = ("quality".to_owned(), "medium".to_owned());
    assert!(texts_of(&drawn).contains(&quality));
    let masked = [picture("images", 1), picture("mask", 2)];
    form_at(path, &prompt, &masked).unwrap();
    let sized = [("prompt", "a fox"), ("size", "source")];
    assert_eq!(form_at(path, &sized, &masked).unwrap_err().field, "size");
    let alone = form_at(path, &prompt, &masked[1..]).unwrap_err();
    assert_eq!(alone.message, "mask can be used only with images");
    let many: Vec<_> = (0..6).map(|byte| picture("images", byte)).collect();
    assert_eq!(form_at(path, &prompt, &many).unwrap_err().field, "images");
}

#[test]
fn sizes_and_regions_of_version_4_5_are_written_in_one_way_and_within_its_bounds() {
    for size in [
        "auto",
        "source",
        "512x1536",
        "256x1536",
        "2048x2048",
        "4096x1024",
    ] {
        let request = generate("ideogram-4-5", with("size", json!(size))).unwrap();
        assert_eq!(sent(&request)["size"], size);
    }
    for size in [
        json!("1024X1024"),
        json!("01024x1024"),
        json!("+1024x1024"),
        json!("1024x1024x1024"),
        json!("224x1024"),
        json!("1000x1024"),
        json!("256x1568"),
        json!("2048x2080"),
        json!("99999999999x32"),
        json!(""),
        json!(1024),
    ] {
        let refused = generate("ideogram-4-5", with("size", size.clone()));
        assert!(refused.is_err(), "{size}");
    }
    let edit = |window: &str| {
        let texts = [("prompt", "a fox"), ("context_window", window)];
        form_at(
            "/v2/image/precise-edit/ideogram-4-5",
            &texts,
            &[picture("image", 1)],
        )
    };
    for window in ["none", "auto", "0,0,256,256", "1024,512,2048,1536"] {
        let region = ("context_window".to_owned(), window.to_owned());
        assert!(texts_of(&edit(window).unwrap()).contains(&region));
    }
    for window in [
        "",
        "0,0,256",
        "0, 0,256,256",
        "-1,0,256,256",
        "0,0,255,256",
        "0,0,4096,2048",
    ] {
        assert_eq!(
            edit(window).unwrap_err().field,
            "context_window",
            "{window}"
        );
    }
}

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
        for (missing, (name, _)) in texts.iter().enumerate() {
            let mut fewer = texts.to_vec();
            fewer.remove(missing);
            assert_eq!(
                form_at(path, &fewer, &pictures).unwrap_err().field,
                *name,
                "{path}"
            );
        }
    }
}

#[test]
fn an_endpoint_that_refuses_what_it_does_not_know_is_sent_nothing_of_the_kind() {
    let path = "/v2/image/reframe/ideogram-3";
    let request = form_at(path, &[("resolution", "512x1536")], &[picture("image", 1)]).unwrap();
    let names: Vec<_> = texts_of(&request)
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, ["num_images", "rendering_speed", "resolution"]);
    let described = form_at(
        "/v2/image/describe/ideogram-4",
        &[("include_bbox", "false")],
        &[picture("image", 1)],
    );
    let texts = texts_of(&described.unwrap());
    assert_eq!(texts, [("include_bbox".to_owned(), "false".to_owned())]);
}

#[test]
fn prices_follow_speed_quality_character_transparency_and_factor() {
    let of = |model: &str, field: &str, word: &str| {
        price(&generate(model, with(field, json!(word))).unwrap())
    };
    assert_eq!(of("ideogram-2", "rendering_speed", "turbo"), "0.05");
    assert_eq!(of("ideogram-2", "rendering_speed", "default"), "0.08");
    assert_eq!(of("ideogram-2", "rendering_speed", "quality"), "0.2");
    assert_eq!(of("ideogram-2a", "rendering_speed", "default"), "0.04");
    assert_eq!(of("ideogram-3", "rendering_speed", "quality"), "0.09");
    assert_eq!(of("ideogram-3-transparent", "upscale_factor", "x1"), "0.07");
    assert_eq!(of("ideogram-3-transparent", "upscale_factor", "x2"), "0.2");
    assert_eq!(of("ideogram-4", "rendering_speed", "default"), "0.06");
    assert_eq!(
        of("ideogram-4-transparent", "output_resolution", "1k"),
        "0.06"
    );
    assert_eq!(
        of("ideogram-4-transparent", "output_resolution", "2k"),
        "0.2"
    );
    assert_eq!(of("ideogram-4-5", "quality", "high"), "0.1");
    assert_eq!(of("ideogram-4-5", "quality", "medium"), "0.06");
    for ((path, texts, fields), expected) in WITH_PICTURES.iter().zip([
        "0.15", "0.06", "0.06", "0.15", "0.06", "0.15", "0.06", "0.06", "0.06", "0.01", "0.252",
        "0.2", "0.2",
    ]) {
        let pictures: Vec<_> = fields.iter().map(|field| picture(field, 1)).collect();
        let request = form_at(path, texts, &pictures).unwrap();
        assert_eq!(price(&request), expected, "{path}");
    }
    let four = form_at(
        "/v2/image/upscale/auto",
        &[("upscale_factor", "x4")],
        &[picture("image", 1)],
    );
    assert_eq!(price(&four.unwrap()), "1.008");
}
