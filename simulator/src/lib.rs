//! An Ideogram that runs on your machine: same shapes, same limits, a bill, scripted faults.
//! Holds true: it judges callers by Ideogram's published rules with its own price table, shares
//! no code with what it judges, and is reachable from this machine only.

mod bill;
mod calls;
mod check;
mod clock;
mod control;
mod endpoint;
mod endpoints;
mod fault;
mod fields;
mod form;
mod generate;
mod given;
mod image_host;
mod images;
mod json_prompt;
mod lock;
mod model;
mod order;
mod palette;
mod picture;
mod quote;
mod receive;
mod refusal;
mod resolutions;
mod script;
mod scripted;
mod server;
mod settings;
mod simulator;
mod size;
mod speed;
mod state;
mod tariff;
mod tasks;
mod upload;
mod validate;
mod values;
mod wire;
mod work;

pub use bill::{Bill, BillLine};
pub use calls::{Call, CallReport, Part, PartContent};
pub use fault::{Fault, GenerationFault, ImageFault, PictureFormat, QuoteFault, RawAnswer};
pub use picture::picture;
pub use script::{ScriptedFault, Times};
pub use settings::{CurrentSettings, Settings, SettingsChange};
pub use simulator::Simulator;
