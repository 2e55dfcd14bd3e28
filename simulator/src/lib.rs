//! An Ideogram that runs on your machine: same shapes, same limits, a bill, scripted faults.
//! Holds true: it judges callers by Ideogram's published rules with its own price table, shares
//! no code with what it judges, and is reachable from this machine only.

mod bill;
mod calls;
mod clock;
mod control;
mod fault;
mod generate;
mod image_host;
mod images;
mod lock;
mod model;
mod picture;
mod quote;
mod receive;
mod refusal;
mod script;
mod scripted;
mod server;
mod settings;
mod simulator;
mod size;
mod state;
mod tasks;
mod validate;
mod wire;
mod work;

pub use bill::{Bill, BillLine};
pub use calls::{Call, CallReport};
pub use fault::{Fault, GenerationFault, ImageFault, PictureFormat, RawAnswer};
pub use picture::picture;
pub use script::{ScriptedFault, Times};
pub use settings::{CurrentSettings, Settings, SettingsChange};
pub use simulator::Simulator;
