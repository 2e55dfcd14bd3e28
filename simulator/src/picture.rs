//! Draws the pictures: a striped sun and lit globes before a banded sky.
//! Holds true: the same prompt, seed and size give the same bytes, always; another prompt or
//! seed gives another picture. Rows are filled span by span and stored as 4-bit indices, so
//! that even an unoptimised build draws a megapixel in some milliseconds.

use png::{BitDepth, ColorType, Compression, Encoder, EncodingError, Filter};

const SKY_INKS: u8 = 6;
const SUN_INK: u8 = 6;
const FIRST_GLOBE_INK: u8 = 8;
const GLOBE_COLOURS: u8 = 4;

/// The PNG file for this prompt, seed, and width and height in pixels (sides of at least 1).
pub fn picture(prompt: &str, seed: u32, width: u32, height: u32) -> Vec<u8> {
    let mut chance = Chance::from(prompt, seed);
    let palette = palette(&mut chance);
    let mut canvas = Canvas::new(width.max(1), height.max(1));
    canvas.paint_sky();
    canvas.paint_sun(&mut chance);
    for globe in 0..6 + chance.below(5) {
        canvas.paint_globe(&mut chance, (globe % u64::from(GLOBE_COLOURS)) as u8);
    }
    // Writing to memory fails for impossible sizes only, and those have no picture.
    canvas.encode(palette).unwrap_or_default()
}

/// Splitmix64 started from an FNV-1a hash: written out because pictures must stay the same
/// whichever versions of libraries are in use.
struct Chance(u64);

impl Chance {
    fn from(prompt: &str, seed: u32) -> Self {
        let bytes = prompt.bytes().chain(seed.to_le_bytes());
        Self(bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        }))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    /// A part of a length, in percent of it from `least` up to `most`.
    fn part(&mut self, length: i64, least: i64, most: i64) -> i64 {
        length * (least + self.below((most - least) as u64 + 1) as i64) / 100
    }
}

/// Sixteen inks: the sky from dark to light, the sun, and a dark and a light one per globe.
fn palette(chance: &mut Chance) -> Vec<u8> {
    // Dusk: blues that turn to violet and rose, with a sun between red and yellow.
    let sky = 185 + chance.below(80) as i64;
    let turn = 30 + chance.below(60) as i64;
    let sun = 15 + chance.below(35) as i64;
    let mut inks = Vec::with_capacity(48);
    for step in 0..i64::from(SKY_INKS) {
        inks.extend(ink(sky + step * turn / 5, 62 - step * 5, 30 + step * 12));
    }
    inks.extend(ink(sun, 70, 98));
    inks.extend(ink(sun - 18, 80, 90));
    for globe in 0..i64::from(GLOBE_COLOURS) {
        let hue = sky + 150 + globe * turn;
        inks.extend(ink(hue, 72, 55 + globe * 5));
        inks.extend(ink(hue + 12, 58, 82 + globe * 4));
    }
    inks
}

/// Red, green and blue of a hue in degrees with saturation and brightness in percent.
fn ink(hue: i64, saturation: i64, brightness: i64) -> [u8; 3] {
    // Each channel peaks at its own hue and falls off over 120 degrees to both sides.
    [0, 240, 120].map(|shift| {
        let distance = ((hue + shift).rem_euclid(360) - 180).abs();
        let purity = ((distance - 60) * 100 / 60).clamp(0, 100);
        let level = brightness * (100 - saturation + saturation * purity / 100) / 100;
        (level * 255 / 100) as u8
    })
}

struct Canvas {
    width: i64,
    height: i64,
    row_bytes: usize,
    /// Two pixels to a byte.
    indices: Vec<u8>,
}

impl Canvas {
    fn new(width: u32, height: u32) -> Self {
        let row_bytes = width.div_ceil(2) as usize;
        Self {
            width: width.into(),
            height: height.into(),
            row_bytes,
            indices: vec![0; row_bytes * height as usize],
        }
    }

    fn shorter_side(&self) -> i64 {
        self.width.min(self.height)
    }

    /// Fills part of a row; what lies outside the canvas is cut off.
    fn span(&mut self, row: i64, left: i64, right: i64, ink: u8) {
        let (left, right) = (left.clamp(0, self.width), right.clamp(0, self.width));
        let start = row as usize * self.row_bytes;
        let pixels = start + left as usize / 2..start + (right as usize).div_ceil(2);
        if let Some(span) = self.indices.get_mut(pixels) {
            span.fill(ink << 4 | ink);
        }
    }

    fn paint_sky(&mut self) {
        for row in 0..self.height {
            let band = row * i64::from(SKY_INKS) / self.height;
            self.span(row, 0, self.width, band as u8);
        }
    }

    /// The stripes narrow towards the bottom.
    fn paint_sun(&mut self, chance: &mut Chance) {
        let radius = chance.part(self.shorter_side(), 24, 38).max(1);
        let middle = chance.part(self.width, 30, 70);
        let centre = chance.part(self.height, 30, 60);
        self.disc(middle, centre, radius, |depth| {
            let stripe = (depth * depth * 14 / (4 * radius * radius)) % 2;
            SUN_INK + stripe as u8
        });
    }

    fn paint_globe(&mut self, chance: &mut Chance, colour: u8) {
        let radius = chance.part(self.shorter_side(), 4, 15).max(1);
        let middle = chance.part(self.width, 3, 97);
        let centre = chance.part(self.height, 8, 97);
        let dark = FIRST_GLOBE_INK + colour * 2;
        self.disc(middle, centre, radius, |_| dark);
        let shadow = radius / 6;
        self.disc(middle - shadow, centre - shadow, radius * 3 / 4, |_| {
            dark + 1
        });
    }

    /// `ink_at` gets the distance from the disc's top in pixels.
    fn disc(&mut self, middle: i64, centre: i64, radius: i64, ink_at: impl Fn(i64) -> u8) {
        let top = centre - radius;
        for row in top.max(0)..(centre + radius).min(self.height) {
            let above = centre - row;
            let reach = (radius * radius - above * above).max(0).isqrt();
            self.span(row, middle - reach, middle + reach, ink_at(row - top));
        }
    }

    fn encode(&self, palette: Vec<u8>) -> Result<Vec<u8>, EncodingError> {
        let mut file = Vec::new();
        let mut encoder = Encoder::new(&mut file, self.width as u32, self.height as u32);
        encoder.set_color(ColorType::Indexed);
        encoder.set_depth(BitDepth::Four);
        encoder.set_palette(palette);
        encoder.set_compression(Compression::Fastest);
        // Rows hardly differ from the row above, and runs of zeros are what packs quickest.
        encoder.set_filter(Filter::Up);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.indices)?;
        writer.finish()?;
        Ok(file)
    }
}
