//! What v3, v4 and the legacy endpoints with pictures charge.
//! Holds true: prices are those of Ideogram's pricing page, 2026-11, in micro-dollars; where it
//! has none, the simulator's own choice is written down here.

use serde_json::json;
use simulator::Simulator;

use crate::caller::start;
use crate::forms::{
    Form, V3_EDIT, V3_GENERATE, V3_INPAINT, V3_REFRAME, V3_REMIX, V3_REPLACE_BACKGROUND,
    V3_TRANSPARENT, V4_GENERATE, good_form,
};

/// The charge for this request.
async fn charge(simulator: &Simulator, path: &str, form: &Form) -> u64 {
    let before = simulator.bill().micro_dollars;
    form.sent(simulator, path).await;
    simulator.bill().micro_dollars - before
}

async fn assert_prices(simulator: &Simulator, path: &str, form: &Form, prices: &[(&str, u64)]) {
    let images = if path == V4_GENERATE { 1 } else { 3 };
    for (speed, price) in prices {
        let form = form.clone().text("rendering_speed", speed);
        let form = form.text("num_images", "3");
        let charged = charge(simulator, path, &form).await;
        assert_eq!(charged, images * price, "{path} {speed}");
        let line = simulator.bill().lines.pop().unwrap();
        assert_eq!(line.rendering_speed.as_deref(), Some(*speed), "{path}");
    }
}

#[tokio::test]
async fn every_v3_endpoint_is_charged_by_speed_per_image() {
    let simulator = start().await;
    let prices = [
        ("FLASH", 30_000),
        ("TURBO", 30_000),
        ("DEFAULT", 60_000),
        ("QUALITY", 90_000),
        ("BALANCED", 90_000),
    ];
    for path in [
        V3_GENERATE,
        V3_REMIX,
        V3_INPAINT,
        V3_EDIT,
        V3_REFRAME,
        V3_REPLACE_BACKGROUND,
    ] {
        let form = good_form(path);
        assert_prices(&simulator, path, &form, &prices).await;
        assert_eq!(charge(&simulator, path, &form).await, 60_000, "{path}");
    }
}

#[tokio::test]
async fn a_reference_to_a_character_is_dearer() {
    let simulator = start().await;
    let prices = [
        ("FLASH", 100_000),
        ("TURBO", 100_000),
        ("DEFAULT", 150_000),
        ("QUALITY", 200_000),
        ("BALANCED", 200_000),
    ];
    for path in [V3_GENERATE, V3_REMIX, V3_INPAINT, V3_EDIT] {
        let form = good_form(path).picture("character_reference_images", 64, 64);
        assert_prices(&simulator, path, &form, &prices).await;
    }
    let style = good_form(V3_GENERATE).picture("style_reference_images", 64, 64);
    assert_eq!(charge(&simulator, V3_GENERATE, &style).await, 60_000);
}

#[tokio::test]
async fn transparent_images_cost_more_and_larger_ones_more_again() {
    let simulator = start().await;
    let prices = [
        ("TURBO", 40_000),
        ("DEFAULT", 70_000),
        ("QUALITY", 100_000),
        ("BALANCED", 100_000),
    ];
    let form = good_form(V3_TRANSPARENT);
    assert_prices(&simulator, V3_TRANSPARENT, &form, &prices).await;
    for (factor, price) in [("X1", 70_000), ("X2", 130_000), ("X4", 130_000)] {
        let form = form.clone().text("upscale_factor", factor);
        let charged = charge(&simulator, V3_TRANSPARENT, &form).await;
        assert_eq!(charged, price, "{factor}");
    }
}

#[tokio::test]
async fn v4_is_charged_by_speed() {
    let simulator = start().await;
    let prices = [
        ("TURBO", 30_000),
        ("DEFAULT", 60_000),
        ("QUALITY", 100_000),
        ("BALANCED", 100_000),
    ];
    let form = good_form(V4_GENERATE);
    assert_prices(&simulator, V4_GENERATE, &form, &prices).await;
    assert_eq!(charge(&simulator, V4_GENERATE, &form).await, 60_000);
    assert_eq!(simulator.bill().lines[0].model, "V_4");
}

#[tokio::test]
async fn legacy_endpoints_are_charged_by_model_like_generate() {
    let simulator = start().await;
    let remix = |model: &str| {
        let request = json!({"prompt": "a fox", "model": model, "num_images": 2});
        let form = good_form("/remix").without("image_request");
        form.json("image_request", request)
    };
    for (model, price) in [("V_1", 60_000), ("V_2", 80_000), ("V_2A_TURBO", 25_000)] {
        let charged = charge(&simulator, "/remix", &remix(model)).await;
        assert_eq!(charged, 2 * price, "{model}");
    }
    for path in ["/edit", "/reframe"] {
        for (model, price) in [("V_2", 80_000), ("V_2_TURBO", 50_000)] {
            let form = good_form(path).without("model").text("model", model);
            let charged = charge(&simulator, path, &form).await;
            assert_eq!(charged, price, "{path} {model}");
            let line = simulator.bill().lines.pop().unwrap();
            assert_eq!((line.model.as_str(), line.rendering_speed), (model, None));
        }
    }
}

#[tokio::test]
async fn an_upscale_and_a_description_are_charged_once_for_the_picture_sent() {
    let simulator = start().await;
    let four = good_form("/upscale").without("image_request");
    let four = four.json("image_request", json!({"num_images": 4}));
    assert_eq!(charge(&simulator, "/upscale", &four).await, 60_000);
    let form = good_form("/describe");
    assert_eq!(charge(&simulator, "/describe", &form).await, 10_000);
    let lines = simulator.bill().lines;
    assert_eq!((lines[0].images, lines[0].model.as_str()), (4, "UPSCALE"));
    assert_eq!((lines[1].images, lines[1].model.as_str()), (1, "V_3"));
}
