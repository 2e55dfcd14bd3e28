//! Pictures, and the addresses they are fetched from.
//! Holds true: what is fetched is byte for byte what `simulator::picture` draws.

use std::time::{Duration, Instant};

use png::{BitDepth, ColorType, Decoder};
use serde_json::json;
use simulator::{Settings, picture};

use crate::caller::{generated, get, image_url, start, start_with};

#[test]
fn the_same_prompt_seed_and_size_give_the_same_bytes_and_others_do_not() {
    let fox = picture("a fox", 7, 256, 128);
    assert_eq!(fox, picture("a fox", 7, 256, 128));
    assert_ne!(fox, picture("a fox", 8, 256, 128));
    assert_ne!(fox, picture("an ox", 7, 256, 128));
    assert_ne!(fox, picture("a fox", 7, 128, 256));
}

#[test]
fn pictures_of_any_size_are_real_png_files_of_that_size() {
    for (width, height) in [(1024, 1024), (512, 1536), (1, 1), (7, 3), (33, 64)] {
        let file = picture("a fox", 7, width, height);
        let mut reader = Decoder::new(std::io::Cursor::new(file))
            .read_info()
            .unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((info.width, info.height), (width, height));
        assert_eq!(
            (info.color_type, info.bit_depth),
            (ColorType::Indexed, BitDepth::Four)
        );
        reader.finish().unwrap();
    }
}

#[test]
fn a_megapixel_is_drawn_quickly_even_without_optimisation() {
    // The best of several, because other tests use the processor meanwhile.
    let times = (0..20).map(|seed| {
        let begun = Instant::now();
        picture("a fox", seed, 1024, 1024);
        begun.elapsed()
    });
    assert!(times.min() < Some(Duration::from_millis(50)));
}

#[tokio::test]
async fn a_fetched_image_is_the_picture_with_its_right_length() {
    let simulator = start().await;
    let fields = json!({"prompt": "a fox", "seed": 7, "aspect_ratio": "ASPECT_3_1"});
    let body = generated(&simulator, fields).await;
    let answer = get(body["data"][0]["url"].as_str().unwrap()).await;
    let expected = picture("a fox", 7, 1536, 512);
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "image/png");
    assert_eq!(
        answer.headers()["content-length"],
        expected.len().to_string()
    );
    assert_eq!(answer.bytes().await.unwrap(), expected);
}

#[tokio::test]
async fn fetches_are_counted_by_path() {
    let simulator = start().await;
    let url = image_url(&simulator).await;
    get(&url).await;
    get(&url).await;
    get(&format!(
        "{}/images/ephemeral/other.png",
        simulator.base_url()
    ))
    .await;
    let path = url.trim_start_matches(&simulator.base_url());
    let path = path.split('?').next().unwrap();
    assert_eq!(simulator.image_fetches(), 3);
    assert_eq!(simulator.image_fetches_by_path()[path], 2);
    assert_eq!(simulator.calls().len(), 1);
}

#[tokio::test]
async fn a_forgotten_an_expired_and_a_tampered_address_answer_404() {
    let simulator = start().await;
    let url = image_url(&simulator).await;
    assert_eq!(get(&format!("{url}0")).await.status(), 404);
    assert_eq!(get(url.split('?').next().unwrap()).await.status(), 404);
    assert_eq!(get(&url).await.status(), 200);
    simulator.forget_images();
    assert_eq!(get(&url).await.status(), 404);
    let short_lived = start_with(Settings {
        image_lifetime_seconds: 0,
        ..Settings::default()
    })
    .await;
    assert_eq!(get(&image_url(&short_lived).await).await.status(), 404);
}
