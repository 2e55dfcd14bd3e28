//! The words that say what a number is, by topic, in the languages prompts are written in. They
//! stand here as they are compared: in lower case, Latin letters without accents.

use std::sync::LazyLock;

use super::text::Text;

/// A set of topics, one bit each.
pub(super) type Topics = u64;

/// Writes the topics' bits and the table of their words.
macro_rules! topics {
    ($($bit:literal $topic:ident $words:literal;)+) => {
        $(pub(super) const $topic: Topics = 1 << $bit;)+
        const LEXICON: &[(Topics, &str)] = &[$(($topic, $words),)+];
    };
}

topics! {
    0 PHONE "call calls calling phone phones telephone tel tele telf telef tfno tlf mobile mobil mob cell cellphone \
        whatsapp wa fax sms contact viber telegram signal hotline helpline landline \
        portable handy telefon telefonnummer handynummer mobilnummer rufnummer festnetz anrufen ruf \
        telefono telefonos movil celular cel telefone telemovel zap cellulare chiamami chiama llama llamame \
        llamar ligue liga ligar llamen telefonar appelle appelez appeler joindre joignable fixe telefoon telefoonnummer mobiel gsm bel \
        telefonu telefonie komorka komorkowy zadzwon dzwon numer puhelin puhelinnumero mobilnr telefonnr \
        tlfnr cep telefonum arayin ara telepon hp dien thoai sdt \
        номер тел телефон телефона телефону моб мобильный звоните позвоните звони ватсап вотсап связь \
        телефонуйте дзвоніть هاتف الهاتف جوال الجوال موبايل واتساب اتصل رقم تلفن फोन फ़ोन मोबाइल नंबर कॉल संपर्क व्हाट्सएप टेलीफोन दूरभाष ফোন τηλ τηλέφωνο \
        τηλεφωνο κινητό טלפון נייד phoneno phonenumber mobileno ph";
    1 CARD "card cards visa mastercard amex credit debit karte kreditkarte carte tarjeta cartao carta cvv cvc";
    2 SSN "ssn social soc ssns";
    3 NINO "nino insurance ni";
    4 NHS "nhs";
    5 TAX "steuer steuerid steuernummer idnr idnummer steueridentifikationsnummer identifikationsnummer tin";
    6 DNI "dni nif nie documento";
    7 AADHAAR "aadhaar aadhar adhaar uidai uid आधार";
    8 PESEL "pesel";
    9 CPF "cpf cnpj";
    10 BSN "bsn burgerservicenummer sofinummer sofi";
    11 SIN "sin nas insurance";
    12 TFN "tfn tax";
    13 PERSON "personnummer henkilotunnus hetu rijksregisternummer rrn registre personal identity id";
    14 IP "ip ipv dns server servers host hosts ping gateway subnet localhost router network ssh vpn proxy \
        firewall adresse";
    15 GEO "lat lats latitude lon lng long longitude coordinates coordinate coords coord gps geo geolocation \
        koordinaten breitengrad langengrad breite lange coordonnees latitud longitud coordenadas \
        coordenada ubicacion coordinate latitudine longitudine wspolrzedne coordinaten \
        координаты широта долгота إحداثيات निर्देशांक geotag";
    16 WALLET "btc bitcoin wallet wallets eth ethereum erc usdt usdc crypto litecoin ltc doge dogecoin solana sol \
        tron trx monero xmr cartera billetera portefeuille carteira portafoglio кошелек кошелёк donate";
    17 PASSWORD "password passwords mdp passwort kennwort pwd passwd passcode passphrase pass pw contrasena clave senha \
        wachtwoord haslo hasla parola sifre sifresi losenord passord kodeord lozinka khau sandi adgangskode heslo jelszo salasana passe \
        пароль пароля пароли κωδικός סיסמה كلمة पासवर्ड psk wpa";
    18 SECRET "secret token tokens apikey authorization bearer auth credential credentials accesskey secretkey \
        privatekey clientsecret accesstoken jeton токен ключ seedphrase";
    19 KEY_OF "api access secret private auth client encryption license licence activation product service openai aws \
        stripe account signing wifi wlan wpa network";
    20 KEY "key keys schlussel cle chave clave chiave klucz";
    21 BIRTH "born dob birth births birthdate birthday birthdays bday dateofbirth nee naissance naissances \
        geboren geb geburtsdatum geburtstag geburt nacido nacida nacio nacimiento fechanacimiento nascido nascida \
        nasceu nasci nascimento nato nata nascita nati nasc nac fechadenacimiento geboortedatum geboorte fodt fodd foddes fodtes fodelsedatum fodselsdato fodselsdag fodelsedag syntymapaiva rojen rojena gimes gimusi dzimis dzimusi sundinud nascuda syntynyt \
        syntymaaika urodzony urodzona urodzenia urodzin urodzil urodzila ur narozen narozena narozeni roden rodena rodjen rodjena nascut nascuta szuletett \
        dogum dogumlu lahir sinh \
        родился родилась рождения рожд род рождён рожден роден родена рођен рођена народився народилася народження др \
        مواليد الميلاد ميلاد مولود जन्म जन्मतिथि γεννήθηκε γέννησης γεννηθείς נולד נולדה לידה";
    22 PASSPORT "passport passports passportno reisepass reisepassnummer passnummer passnr pass passeport pasaporte \
        passaporte passaporto utlevel putovnica διαβατήριο διαβατηρίου דרכון chieu paspoort paspoortnummer paszport paszportu pasaport pasport passi \
        паспорт паспорта паспорту загранпаспорт جواز पासपोर्ट";
    23 DRIVING "driving driver drivers conduire conducir conduccion conducao guida habilitacao motorista jazdy \
        водительское водительского водительские прав удостоверение dmv dvla drive";
    24 LICENCE "licence license lic licences permis permiso licencia licenca carnet carne patente carteira carta prawo \
        удостоверение удостоверения права no number \
        permit learner";
    25 DRIVING_LICENCE "dl dln fuhrerschein fuhrerscheinnummer fuhrerscheinnr rijbewijs rijbewijsnummer cnh korkort korekort \
        ajokortti ajokortin ehliyet ehliyeti permisdeconduire ridicsky vodicsky vezetoi vozacka forerkort surucu";
    26 MONTH "";
    27 OTHER_NUMBER "seed seeds isbn issn ean gtin upc barcode barcodes serial version ver build chapter section model pantone catalog \
        catalogue ngc ic hd hip iso resolution resolutions size sizes px pixel pixels weight weights steps step cfg sref \
        stylize chaos sampler lora strength order tracking invoice sku item lot batch score asin doi arxiv \
        population year years pi hex patent edition part timestamp unix startwert graine semilla seme semente ziarno siemen tohum zaad benih сид \
        population einwohner";
    28 STREET "street st avenue ave av road rd lane ln drive dr boulevard blvd court ct way place pl terrace ter close \
        crescent cres cr parkway pkwy square sq highway hwy circle cir trail trl gardens grove mews row walk alley \
        quay wharf hill rise green broadway parade plaza pike turnpike expressway loop yard route rte americas mall bypass embankment";
    29 NOT_AFTER_STREET "lamp lamps light lights photo photos photography photograph photographer photographs art artist \
        artists food style scene scenes sign signs view views corner market markets musician musicians performer \
        vendor vendors cafe fashion portrait portraits fight racing race dance dancer dancers dog dogs cat cats \
        kids urchins people cars car scape wear shot shots level party parade film noir by workout basketball \
        ball trip movie of poster lane lanes train hockey magic worker workers band bands men women ad ads houses homes cottages villas inspired themed";
    30 NOT_IN_STREET "the a an and or of in on at with to by from for down up along across over under into through near \
        people person man men woman women kids children boys girls cars car cats dogs is are was were best top \
        great busy hour hours day days year years min minute minutes mile miles km meter meters m ft feet \
        mm cm px inch inches foot acre acres fps century way lane story stories bedroom bed bath piece players seconds degrees percent dollar \
        dollars walking standing running sitting lights lamps trees stone lanes level floor million thousand images \
        photos pictures frames hundred fashion empty dark narrow wide old its his her their mph x iso \
        lit leading street photography summer winter film vintage neon rainy degree am pm";
    31 UNIT "apt apartment suite ste unit flat room rm floor fl building bldg level lvl studio penthouse lot villa shop";
    32 AT_HOME "address addresses live lives living lived deliver delivery ship shipped located resides reside residing \
        home house mail mailing send visit moved move residence at";
    33 DIRECTION "n s e w ne nw se sw north south east west northeast northwest southeast southwest";
    34 STREET_BEFORE "rue avenue av boulevard bd bvd chemin allee allees impasse quai cours route faubourg \
        calle avenida avda plaza paseo carrer camino carretera rua travessa praca alameda largo estrada rodovia \
        via viale piazza corso vicolo largo piazzale strada ulica ul aleja al plac os \
        улица ул проспект пр переулок пер бульвар шоссе наб набережная вулиця вул";
    35 NOT_IN_BEFORE "vista vue street with mit con avec i und y";
    36 EMAIL "email emails mail mails correo courriel posta почта contact reach write gmail";
    37 CODE "cpr nr";
    38 DATE_WORD "date dated datum fecha дата";
    39 PERMIT "licence license lic permit permis permiso licencia licenca patente carteira права";
    40 NOT_DRIVING "plate software business contractor trade trading liquor alcohol fishing hunting gun firearm \
        marriage dog pet pilot medical nursing music image font stock key product creative commons professional \
        broker estate realtor electrical plumbing taxi tax import export planning building work parking";
    41 EVENT "party parties dinner lunch brunch bash gala ceremony celebration wedding married marriage christening \
        christened baptism baptised baptized funeral rsvp died death dead deceased passed expires expiry issued valid \
        until tour concert show release released premiere exhibition opening \
        fest feier feiern fete fiesta festa cena diner impreza \
        taufe getauft bapteme baptise bautizo bautizado battesimo battezzato batizado batismo chrzest chrzciny \
        gestorben verstorben heirat hochzeit mort morte morto decede decedee mariage boda murio fallecido fallecida \
        fallecio falleceu faleceu casamento matrimonio zmarl zmarla slub overleden gedoopt dod avliden kuollut \
        умер умерла скончался крещение свадьба";
    42 MAC "mac bssid hwaddr macaddress macadresse";
    43 STREET_WEAK "gate hollow run bend ridge glen view pass path point landing heights dale cove bank wynd vale fields \
        field meadow meadows park bridge orchard garth brae strand cross fork knoll chase crossing spur lea wood \
        woods creek end mill close court green common side croft drift passage esplanade promenade vista bluff";
    44 NUMBER_WORD "no nr num number nummer numero n id номер серия numer nro numara szam broj cislo";
    45 VERB "is ist lautet was es est e jest brzmi olan это це είναι";
    46 AT "";
    47 DATE_JOINT "th st nd rd of de del di do er a o ten m";
}

/// Words and their topics in the scripts that are written without blanks.
const UNSPACED: &[(Topics, &str)] = &[
    (PHONE, "電話"),
    (PHONE, "电话"),
    (PHONE, "手机"),
    (PHONE, "手機"),
    (PHONE, "联系"),
    (PHONE, "聯絡"),
    (PHONE, "微信"),
    (PHONE, "携帯"),
    (PHONE, "連絡"),
    (PHONE, "拨打"),
    (PHONE, "热线"),
    (PHONE, "전화"),
    (PHONE, "휴대폰"),
    (PHONE, "핸드폰"),
    (PHONE, "연락"),
    (PHONE, "โทร"),
    (PHONE, "เบอร์"),
    (CARD, "信用卡"),
    (CARD, "银行卡"),
    (CARD, "カード"),
    (IP, "サーバ"),
    (IP, "服务器"),
    (GEO, "座標"),
    (GEO, "坐标"),
    (GEO, "緯度"),
    (GEO, "经度"),
    (GEO, "纬度"),
    (GEO, "北纬"),
    (GEO, "東経"),
    (GEO, "좌표"),
    (GEO, "위도"),
    (GEO, "พิกัด"),
    (PASSWORD, "パスワード"),
    (PASSWORD, "密码"),
    (PASSWORD, "密碼"),
    (PASSWORD, "口令"),
    (PASSWORD, "비밀번호"),
    (PASSWORD, "비번"),
    (PASSWORD, "암호"),
    (PASSWORD, "暗証番号"),
    (PASSWORD, "รหัสผ่าน"),
    (SECRET, "密钥"),
    (SECRET, "令牌"),
    (SECRET, "トークン"),
    (BIRTH, "生年月日"),
    (BIRTH, "生まれ"),
    (BIRTH, "誕生日"),
    (BIRTH, "出生"),
    (BIRTH, "生日"),
    (BIRTH, "生于"),
    (BIRTH, "생년월일"),
    (BIRTH, "출생"),
    (BIRTH, "생일"),
    (BIRTH, "태어"),
    (BIRTH, "เกิด"),
    (PASSPORT, "护照"),
    (PASSPORT, "護照"),
    (PASSPORT, "パスポート"),
    (PASSPORT, "旅券"),
    (PASSPORT, "여권"),
    (PASSPORT, "หนังสือเดินทาง"),
    (DRIVING_LICENCE, "驾驶证"),
    (DRIVING_LICENCE, "驾照"),
    (DRIVING_LICENCE, "駕照"),
    (DRIVING_LICENCE, "運転免許"),
    (DRIVING_LICENCE, "免許証"),
    (DRIVING_LICENCE, "운전면허"),
    (PERSON, "身份证"),
    (PERSON, "주민등록"),
    (OTHER_NUMBER, "种子"),
    (NUMBER_WORD, "号"),
    (NUMBER_WORD, "号码"),
    (NUMBER_WORD, "番号"),
    (NUMBER_WORD, "번호"),
    (VERB, "は"),
    (VERB, "是"),
    (VERB, "为"),
    (VERB, "為"),
    (VERB, "는"),
    (VERB, "은"),
    (VERB, "가"),
    (VERB, "이"),
    (OTHER_NUMBER, "シード"),
];

/// Words for `@`.
pub(super) const AT_WORDS: &str = "at arroba chez kropka malpa собака";

/// The names of months, by number; more than one spelling each.
const MONTHS: [&str; 12] = [
    "january sijecnja januarja januara sausio jaanuar janvaris gener януари jan januar janner janvier janv enero ene janeiro gennaio gen januari stycznia styczen ocak января январь tammikuuta ledna ianuarie ιανουαρίου ינואר січня يناير जनवरी",
    "february veljace februarja februara vasario veebruar februaris febrer февруари feb februar fevrier fevr fev febrero fevereiro febbraio febbr februari lutego luty subat февраля февраль helmikuuta unora februarie φεβρουαρίου פברואר лютого فبراير फरवरी",
    "march ozujka marta kovo marec marc mar marz mars marzo marco maart marca marzec mart marts marac марта март maaliskuuta brezna martie marcius maret μαρτίου מרץ березня مارس मार्च",
    "april travnja aprila balandzio aprill aprilis април apr avril avr abril abr aprile kwietnia kwiecien nisan апреля апрель huhtikuuta dubna aprilie aprilis απριλίου אפריל квітня أبريل ابريل अप्रैल",
    "may svibnja geguzes maijs maig май mai mayo maio maggio mag mei maja maj mayis мая май toukokuuta kvetna majus μαΐου травня مايو मई",
    "june lipnja juna junija birzelio juuni junijs juny юни jun juni juin junio junho giugno giu czerwca czerwiec haziran июня июнь kesakuuta cervna iunie junius ιουνίου יוני червня يونيو जून",
    "july srpnja jula julija liepos juuli julijs juliol юли jul juli juillet juil julio julho luglio lug lipca lipiec temmuz июля июль heinakuuta cervence iulie julius ιουλίου יולי липня يوليو जुलाई",
    "august kolovoza avgusta rugpjucio augusts agost aug aout agosto ago augustus augusti sierpnia sierpien agustos августа август elokuuta srpna augusztus agustus αυγούστου אוגוסט серпня أغسطس اغسطس अगस्त",
    "september rujna septembra rugsejo septembris setembre септември sep sept septembre septiembre setembro set settembre sett wrzesnia wrzesien eylul сентября сентябрь syyskuuta zari septembrie szeptember σεπτεμβρίου ספטמבר вересня سبتمبر सितंबर",
    "october oktobra spalio oktoober oktobris октомври oct oktober okt octobre octubre outubro out ottobre ott pazdziernika pazdziernik ekim октября октябрь lokakuuta rijna octombrie οκτωβρίου אוקטובר жовтня أكتوبر اكتوبر अक्टूबर",
    "november studenoga studenog novembra lapkricio novembris ноември nov novembre noviembre novembro listopada listopad kasim ноября ноябрь marraskuuta listopadu noiembrie νοεμβρίου נובמבר листопада نوفمبر नवंबर",
    "december prosinca decembra gruodzio detsember decembris desembre декември dec dezember dez decembre diciembre dic dezembro dicembre desember grudnia grudzien aralik декабря декабрь joulukuuta prosince decembrie δεκεμβρίου דצמבר грудня ديسمبر दिसंबर",
];

/// All words with all their topics, in order.
static WORDS: LazyLock<Vec<(&str, Topics)>> = LazyLock::new(|| {
    let months = MONTHS.iter().map(|words| (MONTH, *words));
    let mut words: Vec<(&str, Topics)> = LEXICON
        .iter()
        .copied()
        .chain(months)
        .chain([(AT, AT_WORDS)])
        .flat_map(|(topic, words)| words.split_whitespace().map(move |word| (word, topic)))
        .collect();
    words.sort_unstable();
    words.dedup_by(|later, first| {
        let is_same = later.0 == first.0;
        if is_same {
            first.1 |= later.1;
        }
        is_same
    });
    words
});

/// [`UNSPACED`] with its first letters, in their order.
static UNSPACED_BY_LETTER: LazyLock<Vec<(char, Topics, &str)>> = LazyLock::new(|| {
    let first = |word: &str| word.chars().next().unwrap_or_default();
    let words = UNSPACED.iter();
    let mut words: Vec<_> = words
        .map(|&(topics, word)| (first(word), topics, word))
        .collect();
    words.sort_unstable();
    words
});

/// What a word is about, in lower case and without accents.
pub(super) fn topics(word: &str) -> Topics {
    let found = WORDS.binary_search_by(|(known, _)| (*known).cmp(word));
    found
        .ok()
        .and_then(|index| WORDS.get(index))
        .map_or(0, |(_, topics)| *topics)
}

/// How many signs the known word has that starts here, in a script without blanks, and what it is
/// about; one sign about nothing if none does.
pub(super) fn unspaced(text: &Text, start: usize) -> (usize, Topics) {
    let first = text.lower(start);
    let from = UNSPACED_BY_LETTER.partition_point(|(letter, ..)| *letter < first);
    UNSPACED_BY_LETTER
        .iter()
        .skip(from)
        .take_while(|(letter, ..)| *letter == first)
        .map(|(_, topics, word)| (topics, word))
        .find(|(_, word)| text.reads(start, word))
        .map_or((1, 0), |(topics, word)| (word.chars().count(), *topics))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_lexicon_is_written_as_it_is_compared() {
        for &(word, _) in WORDS.iter() {
            let text = Text::new(word);
            let compared: String = (0..text.len()).map(|sign| text.lower(sign)).collect();
            assert_eq!(compared, word);
            assert_eq!(text.tokens(), 1, "{word} is more than one token");
        }
    }
}
