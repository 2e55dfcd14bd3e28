//! How v2 tells of a generation: on the call, when it is polled, and in a webhook.
//! Holds true: fields are those of Ideogram's OpenAPI document, 2026-10, for each of the three.

use serde_json::{Map, Value, json};

use crate::endpoint::{Adds, Item, V2};
use crate::envelope::Envelope;
use crate::made::ImageObject;
use crate::size::Size;

/// An answer that comes before the work is done.
pub(crate) fn submitted(envelope: &Envelope) -> Value {
    json!({ "generation_id": envelope.generation_id, "seed": envelope.seed })
}

/// An answer that comes when it is.
pub(crate) fn finished(envelope: &Envelope, size: Size, images: &[ImageObject]) -> Value {
    let mut fields = Map::new();
    let mut add = |name: &str, value: Value| drop(fields.insert(name.to_owned(), value));
    add("generation_id", envelope.generation_id.as_str().into());
    add("seed", envelope.seed.into());
    let items = images.iter().map(|image| match envelope.row.item {
        Item::Image => shown(image),
        Item::WithoutPromptOrSeed => {
            json!({ "url": image.url, "is_image_safe": image.is_image_safe })
        }
    });
    add("data", items.collect());
    match envelope.row.adds {
        Adds::Nothing => {}
        Adds::GenerationKind => add("generation_kind", "sampling".into()),
        Adds::WidthAndHeight => {
            add("width", size.width.into());
            add("height", size.height.into());
        }
    }
    Value::Object(fields)
}

/// An image as a completed generation that is polled has it.
pub(crate) fn polled_item(row: &V2, image: &ImageObject) -> Value {
    let (kind, mut item) = match row.item {
        Item::Image => ("image.generation", shown(image)),
        Item::WithoutPromptOrSeed => {
            let item = json!({
                "url": image.url,
                "resolution": resolution(image),
                "is_image_safe": image.is_image_safe
            });
            ("image.without-prompt-or-seed", item)
        }
    };
    if let Some(fields) = item.as_object_mut() {
        fields.insert("object_type".to_owned(), kind.into());
        fields.insert("asset_id".to_owned(), Value::Null);
    }
    item
}

/// The body of a webhook (Ideogram's webhooks page, 2026-11).
pub(crate) fn webhook_body(generation_id: &str, created: &str, images: &[ImageObject]) -> String {
    let data: Vec<_> = images.iter().map(shown).collect();
    json!({ "generation_id": generation_id, "created": created, "data": data }).to_string()
}

fn shown(image: &ImageObject) -> Value {
    json!({
        "url": image.url,
        "prompt": image.prompt,
        "resolution": resolution(image),
        "is_image_safe": image.is_image_safe,
        "seed": image.seed
    })
}

/// v2 knows but one, that of the picture that can be fetched.
fn resolution(image: &ImageObject) -> &str {
    image
        .upscaled_resolution
        .as_deref()
        .unwrap_or(&image.resolution)
}
