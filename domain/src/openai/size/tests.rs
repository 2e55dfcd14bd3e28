//! What becomes of each size with each model.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::size::LONGEST_SIDE;

fn of(size: &str, id: &str) -> Result<Option<ChosenSize>, InvalidRequest> {
    ChosenSize::of(&json!(size), NamedModel::named(id).unwrap())
}

fn used(size: &str, id: &str) -> String {
    of(size, id).unwrap().unwrap().used
}

#[test]
fn openais_usual_sizes_have_a_known_outcome_with_every_model() {
    let square_and = |wide: [&'static str; 2], tall: [&'static str; 2], square| {
        [
            ("1024x1024", square),
            ("512x512", square),
            ("256x256", square),
            ("1792x1024", wide[0]),
            ("1536x1024", wide[1]),
            ("1024x1792", tall[0]),
            ("1024x1536", tall[1]),
        ]
    };
    let shapes = square_and(["16:9", "3:2"], ["9:16", "2:3"], "1:1");
    let pixels = square_and(
        ["1344x768", "1248x832"],
        ["768x1344", "832x1248"],
        "1024x1024",
    );
    let pixels_of_4 = square_and(
        ["1280x720", "1248x832"],
        ["720x1280", "832x1248"],
        "1024x1024",
    );
    for named in NamedModel::all() {
        let expected = match named.family {
            "ideogram-v1" | "ideogram-v2a" => shapes,
            "ideogram-v4" => pixels_of_4,
            _ => pixels,
        };
        for (asked, outcome) in expected {
            assert_eq!(used(asked, named.id), outcome, "{asked} with {}", named.id);
        }
    }
}

#[test]
fn auto_leaves_the_size_to_the_model() {
    for named in NamedModel::all() {
        assert_eq!(of("auto", named.id), Ok(None));
    }
}

#[test]
fn a_size_that_a_model_has_is_that_size() {
    for (size, id, word) in [
        ("640x1024", "ideogram-v2", "RESOLUTION_640_1024"),
        ("512x1536", "ideogram-v3-turbo", "512x1536"),
        ("2048x2048", "ideogram-v4-quality", "2048x2048"),
    ] {
        let chosen = of(size, id).unwrap().unwrap();
        assert_eq!(chosen.option, ("resolution", word));
        assert!(!chosen.is_another());
    }
}

#[test]
fn another_size_is_of_the_nearest_shape_and_then_of_the_nearest_number_of_pixels() {
    assert_eq!(used("2000x2000", "ideogram-v4-default"), "2048x2048");
    assert_eq!(used("1400x1400", "ideogram-v4-default"), "1024x1024");
    assert_eq!(used("3840x2160", "ideogram-v4-default"), "2560x1440");
    assert_eq!(used("1920x1080", "ideogram-v3-default"), "1312x736");
    assert!(
        of("1920x1080", "ideogram-v3-default")
            .unwrap()
            .unwrap()
            .is_another()
    );
    assert_eq!(used("1x3", "ideogram-v1"), "1:3");
}

#[test]
fn a_shape_that_is_more_than_a_tenth_off_is_refused_with_the_nearest_there_are() {
    // The widest of 3.0 is 3 to 1.
    assert_eq!(used("3300x1000", "ideogram-v3-default"), "1536x512");
    let refused = of("3301x1000", "ideogram-v3-default").unwrap_err();
    assert_eq!(refused.field, "size");
    assert_eq!(
        refused.message,
        "size is of a shape that ideogram-v3-default does not make; of what it makes these are \
         nearest: 1536x512, 1536x576, 1472x576, 1408x576, 1536x640"
    );
    assert!(of("1x9999", "ideogram-v2a").is_err());
}

#[test]
fn what_is_no_size_is_refused() {
    for value in [
        json!(""),
        json!("1024"),
        json!("1024X1024"),
        json!("1024 x 1024"),
        json!("0x1024"),
        json!("10000x10000"),
        json!("+10x10"),
        json!("99999999999999999999x1"),
        json!("x"),
        json!("RESOLUTION_640_1024"),
        json!(1024),
        json!([1024, 1024]),
    ] {
        let refused = ChosenSize::of(&value, NamedModel::all()[0]).unwrap_err();
        assert_eq!(
            refused.message, "size must be auto, or width and height such as 1024x1024",
            "{value}"
        );
    }
}

proptest! {
    #[test]
    fn no_size_of_a_nearer_shape_is_passed_over(
        width in 1..=LONGEST_SIDE,
        height in 1..=LONGEST_SIDE,
        model in proptest::sample::select(NamedModel::all()),
    ) {
        let off = |one: f64, other: f64| (one / other).max(other / one);
        let shape = width as f64 / height as f64;
        let words = ["resolution", "aspect_ratio"].map(|name| model.endpoint.words(name, model.model));
        let words = words.iter().find(|words| !words.is_empty()).unwrap();
        let sizes = words.iter().map(|word| Size::in_word(word).unwrap());
        let shapes = sizes.map(|size| size.width() as f64 / size.height() as f64);
        let nearest = shapes.map(|other| off(shape, other)).fold(f64::MAX, f64::min);
        match of(&format!("{width}x{height}"), model.id) {
            Ok(chosen) => {
                let used = chosen.unwrap().used.replace(':', "x");
                let used: Size = used.parse().unwrap();
                let chosen = off(shape, used.width() as f64 / used.height() as f64);
                prop_assert!((chosen - nearest).abs() < 1e-9);
                prop_assert!(chosen < 1.1 + 1e-9);
            }
            Err(_) => prop_assert!(nearest > 1.1 - 1e-9),
        }
    }
}
