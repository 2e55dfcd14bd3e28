//! Values that are said to be secret: `password: …`, `api_key=…`, `the token is …`. The word alone
//! is in many prompts; what follows must look like a password or a key.

use super::lexicon::{KEY, KEY_OF, PASSWORD, SECRET, VERB};
use super::secret::{is_key_character, trimmed, unmistakable};
use super::text::{NOTHING, Text, going_back};
use super::tokens::Token;

/// How the value that follows a word must look.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Assigned {
    Password,
    Token,
}

/// A value after `password:`, `api_key=`, `token is` and the like.
pub(super) fn assigned(text: &Text, index: usize) -> Option<(usize, usize)> {
    let token = text.token(index);
    // `WPA2 key`
    let digit = text.token(index + 1);
    let index = index + usize::from(digit.is_number() && digit.start == token.end);
    let next = text.token(index + 1);
    let after_mark = text.token(index + 2);
    // `clé API`, `clave API`: the other way round.
    let is_turned = token.is_about(KEY) && next.is_about(KEY_OF);
    let is_key = is_turned
        || token.is_about(KEY_OF)
            && (next.is_about(KEY | SECRET)
                || is_joint(text, next) && after_mark.is_about(KEY | SECRET));
    let (kind, name_end) = if token.is_about(PASSWORD) {
        (Assigned::Password, index + 1)
    } else if is_key {
        (
            Assigned::Token,
            if is_turned || next.is_about(KEY | SECRET) {
                index + 2
            } else {
                index + 3
            },
        )
    } else if token.is_about(SECRET) {
        (Assigned::Token, index + 1)
    } else {
        return None;
    };
    value_after(text, name_end, kind)
}

/// A dash between blanks stands for a colon.
fn is_dash(text: &Text, token: Token) -> bool {
    text.at(token.start) == '-' && text.before(token.start) == ' ' && text.at(token.end) == ' '
}

/// Commands that take a password after `-p`, or a user and password after `-u`.
const COMMANDS: &str =
    "mysql mysqldump mysqladmin mariadb sshpass docker podman curl wget http svn";

/// A password that is typed after a command: `mysql -u root -pX`, `curl -u user:X`.
pub(super) fn typed(text: &Text, index: usize) -> Option<(usize, usize)> {
    const MOST_ARGUMENTS: usize = 16;
    let dash = text.token(index).start;
    let letter = text.at(dash + 1);
    if text.at(dash) != '-' || text.before(dash) != ' ' || !matches!(letter, 'p' | 'u') {
        return None;
    }
    let mut start = dash + 2;
    while start < dash + 4 && " '\"".contains(text.at(start)) {
        start += 1;
    }
    let end = trimmed(text, start, text.run_end(start, 512, is_typed));
    let user = (start..end).find(|&sign| text.at(sign) == ':');
    let value = match (letter, user) {
        ('p', _) => start,
        (_, Some(colon)) => colon + 1,
        _ => return None,
    };
    let is_command = |back: usize| text.is_one_of(text.token(going_back(index, back)), COMMANDS);
    (is_value(text, value, end, Assigned::Password, true) && (1..=MOST_ARGUMENTS).any(is_command))
        .then_some((value, end))
}

fn is_typed(character: char) -> bool {
    !matches!(character, ' ' | '"' | '\'' | NOTHING)
}

fn is_joint(text: &Text, token: Token) -> bool {
    "_-".contains(text.at(token.start))
}

/// How many tokens may stand between the name and the sign or verb before its value.
const MOST_BETWEEN: usize = 6;

fn value_after(text: &Text, from: usize, kind: Assigned) -> Option<(usize, usize)> {
    if kind == Assigned::Password {
        // `mdp wifi Soleil42`, `비밀번호는 …`
        let is_skipped = |index: &usize| {
            text.is_one_of(
                text.token(*index),
                "\" ' wifi wi - fi wlan admin root do da del de du la le of for 는 은",
            )
        };
        let first = (from..from + 4).find(|index| !is_skipped(index));
        let value = first.and_then(|first| mixed_password(text, text.token(first).start));
        if value.is_some() {
            return value;
        }
    }
    for index in from..from + MOST_BETWEEN {
        let token = text.token(index);
        let is_sign = ":=".contains(text.at(token.start)) && token.len() == 1;
        if is_sign || token.is_about(VERB) || is_dash(text, token) {
            return value_at(text, token.end, kind, is_sign);
        }
        // A long code needs no sign before it: `api key 9f86d081884c7d65`.
        if kind == Assigned::Token
            && let Some(value) = unmistakable(text, token).or_else(|| long_code(text, token.start))
        {
            return Some(value);
        }
        if !(token.is_word() || "\"'_-()".contains(text.at(token.start))) || token.len() == 0 {
            return None;
        }
    }
    None
}

/// Letters and digits in one, right after the word: `password Sunny2024`.
fn mixed_password(text: &Text, start: usize) -> Option<(usize, usize)> {
    let end = text.run_end(start, 64, |character| {
        !matches!(character, ' ' | '"' | NOTHING)
    });
    let end = trimmed(text, start, end);
    let has = |is: fn(char) -> bool| (start..end).any(|sign| is(text.at(sign)));
    let is_flat = (start..end)
        .all(|sign| text.at(sign).is_alphanumeric() || "!@#$%&*?_-.".contains(text.at(sign)));
    let letters = (start..end).filter(|&sign| text.at(sign).is_alphabetic());
    let is_password = end - start >= 7
        && is_flat
        && text.at(start).is_alphabetic()
        && " \"'".contains(text.before(start))
        && has(|c| c.is_ascii_digit())
        && letters.count() >= 4;
    is_password.then_some((start, end))
}

/// Letters and digits, mixed, at least 16.
fn long_code(text: &Text, start: usize) -> Option<(usize, usize)> {
    let end = text.run_end(start, 512, is_key_character);
    let count = |is: fn(char) -> bool| (start..end).filter(|&sign| is(text.at(sign))).count();
    let is_code = end - start >= 16
        && !text.is_glued_before(start)
        && count(|c| c.is_ascii_digit()) >= 4
        && count(|c| c.is_ascii_alphabetic()) >= 3;
    is_code.then(|| (start, text.whole_end(end, is_key_character)))
}

/// The value without the quotes around it and what closes the sentence.
fn value_at(text: &Text, from: usize, kind: Assigned, is_sign: bool) -> Option<(usize, usize)> {
    let mut start = from;
    while start < from + 4 && " \"'`:=«“".contains(text.at(start)) {
        start += 1;
    }
    for scheme in ["bearer ", "basic ", "token "] {
        if text.reads(start, scheme) {
            start += scheme.len();
        }
    }
    let belongs = |character| !matches!(character, ' ' | '"' | NOTHING);
    let end = text.run_end(start, 512, belongs);
    let is_secret = is_value(text, start, trimmed(text, start, end), kind, is_sign);
    is_secret.then(|| (start, trimmed(text, start, text.whole_end(end, belongs))))
}

/// A password has something but lower-case letters in it; a token is longer.
fn is_value(text: &Text, start: usize, end: usize, kind: Assigned, is_sign: bool) -> bool {
    let count = |is: fn(char) -> bool| (start..end).filter(|&sign| is(text.at(sign))).count();
    let digits = count(|c| c.is_ascii_digit());
    let letters = count(char::is_alphabetic);
    let marks = end - start - digits - letters;
    let upper_within = (start + 1..end)
        .any(|sign| text.at(sign).is_uppercase() && text.before(sign).is_lowercase());
    let is_placeholder = text.at(start) == '[' || text.at(start) == '{' || text.at(start) == '<';
    // `***` and `123` are pictures of passwords.
    if is_placeholder || letters + digits < 4 || end - start < 4 {
        return false;
    }
    match kind {
        Assigned::Password => {
            let is_quoted = matches!(text.at(end), '"' | '\'' | NOTHING) && is_sign;
            let is_long_number = digits >= 6 && is_sign;
            digits > 0 && (letters > 0 || is_long_number) && end - start >= 5
                || upper_within && is_sign
                || is_quoted && letters >= 6
                || marks > 0 && letters >= 3 && has_password_mark(text, start, end)
        }
        Assigned::Token => {
            end - start >= 8
                && (digits >= 2 || upper_within)
                && (letters > 0 || digits >= 12)
                && (is_sign || digits >= 3)
        }
    }
}

fn has_password_mark(text: &Text, start: usize, end: usize) -> bool {
    (start..end).any(|sign| "!@#$%^&*+=?~".contains(text.at(sign)))
}

#[cfg(test)]
mod tests {
    use super::super::kind::Kind;
    use super::super::tests::{assert_clean, assert_found};

    #[test]
    fn values_after_a_word_for_a_secret_are_found() {
        assert_found(
            Kind::Secret,
            &[
                "password: {hunter2}",
                "Passwort ist {Sommer2024!}",
                "wifi password is \"{Sunny2024}\"",
                "mot de passe : {Soleil#42}",
                "contraseña: {Gato2020}",
                "пароль: {qwerty123}",
                "密码是{abc12345}",
                "api_key={a1b2c3d4e5f6}",
                "API key: {0123abcd4567efgh}",
                "Authorization: Bearer {abc.def-123456}",
                "pwd={Tr0ub4dor}",
                "sticky note, mdp wifi {tournesol42}",
                "login guest / password {moss-kettle-17}, pixel art",
                "비밀번호는 {haneul2024}",
                "비밀번호 {haneul2024}",
                "パスワード「{sakura2019}」",
                "senha do wifi {girassol88}",
                "wlan passwort - {Regen&Tee7}",
                "mật khẩu: {trasua99}",
                "heslo: {zimni-vecer8}",
                "mysql -h db -u root -p{Ze8raCrossing}",
                "curl -u anna:{Ze8raCrossing} in green letters",
                "sshpass -p '{Ze8raCrossing}' ssh",
                "aws_secret_access_key={wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY}",
            ],
        );
    }

    #[test]
    fn words_for_secrets_without_a_value_stay() {
        assert_clean(&[
            "password: and username:",
            "the password is wrong",
            "a token of love: 5 gold",
            "api key icon",
            "pass: VIP access all areas",
            "password icon set 24px 48px 96px",
            "password reset screen, iphone15 mockup",
            "a code on a chalkboard, wifi, 3 bars",
            "password field, 8 characters, 4k",
            "a password screen - blue",
            "password protected door, 1920x1080",
            "a backstage pass A4 size",
            "a cat -p300dpi",
            "docker whale -p 8080",
            "curl of hair -u 12:30",
        ]);
    }
}
