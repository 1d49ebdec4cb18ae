"""The words of painted screens, each list with a counterpart for exams; names and places are invented."""


def listed(text: str) -> tuple[str, ...]:
    """Return the entries of a list written between bars."""
    return tuple(entry.strip() for entry in " ".join(text.split()).split("|"))


FAMILIES = listed(
    """
    Achterberg | Brightwater | Castellanos | Dunmore | Eklund | Farrokhzad | Grünewald | Hollis | Ivanova |
    Jankowski | Kestrel | Lindqvist | Moravec | Nakamura | Oyelaran | Petrescu | Quispe | Rasmussen | Szabó |
    Thibault | Uzun | Vásquez | Whitcombe | Xu | Yıldız | Zielińska | Ng | Li | O'Rourke | Mac-Tavish | Smith-Larsen
    | Müller | Peña | Söderström | Fernández | Çelik | Dvořák | Łukasik | Bø | Æbelø | Ruiz | Tan | Kaur | Abernathy
    | Featherstonehaugh | Bell | Cole | Hart | Wu | Haddad | Mensah | Okafor | Nguyen | Pham | Silva | Gómez |
    Öztürk | Bakker
    """
)
FAMILIES_HELD_OUT = listed(
    """
    Ashworth | Blomqvist | Carrington | Delacroix | Eriksdóttir | Fairbanks | Guðmunds | Hämäläinen | Iglesias |
    Järvinen | Kowalczyk | Løvenskiold | Montgomery | Nordström | Ostrowska | Pfeiffer | Quintero | Rosenbaum |
    Schäfer | Tremblay | Underhill | Villanueva | Wójcik | Xiong | Yamamoto | Zimmermann | Oh | Vo | D'Angelo |
    Hughes-Price | Núñez | Šimková | Ünal | Bang | Cruz | Adeyemi | Chaudhry | Mbeki
    """
)
GIVEN = listed(
    """
    Amara | Beatrix | Carmen | Daniela | Elin | Fatima | Greta | Hana | Ingrid | Jolanta | Katarina | Leonie |
    Mirela | Noor | Odile | Priya | Rosa | Selma | Tove | Ursula | Valérie | Wanda | Ximena | Yara | Zoë | Anna-Lena
    | Marie-José | Mary | Ann | Eve | Jo | Chloé | Åsa | Márta | Renée | Ida | Mia | Charlotte | Gwendolyn |
    Josephine | Elizabeth | Alexandra
    """
)
GIVEN_HELD_OUT = listed(
    """
    Agnieszka | Brigitte | Cordelia | Dagny | Eleonora | Françoise | Gabriela | Henriette | Isolde | Jadwiga |
    Kirsten | Lucía | Magdalena | Nanami | Ottilie | Philippa | Roisin | Sigrid | Thérèse | Undine | Violeta |
    Wilhelmina | Yevgenia | Zuzanna | Bo | Sue | Lea | Ann-Sofie
    """
)
FOREIGN = listed(
    """
    Кузнецова^Марина | Шевченко^Оксана | Петрова^Жанна |
    Παπαδοπούλου^Ελένη | Αντωνίου^Χρυσή | العلي^فاطمة | الحداد^مريم |
    כהנא^רבקה | ברזילי^נועה | 王^小芳 | 欧阳^丽华 | 山本^さくら | タナカ^ユミ | 박^서연 |
    남궁^지우 | शर्मा^प्रिया | वर्मा^अनीता | ใจดี^สมหญิง | ทองคำ^มาลี
    """
)
FOREIGN_HELD_OUT = listed(
    """
    Соколова^Людмила | Бондаренко^Ирина | Γεωργίου^Σοφία | المنصور^ليلى |
    לביא^שירה | 張^美玲 | 刘^建国 | 佐藤^みゆき | 최^은주 | मिश्रा^सुनीता |
    แสงทอง^พรทิพย์
    """
)
PLACES = listed(
    """
    Harborview | Lakeside | Elmwood | Northgate | Sandhaven | Birkendal | Rosenholm | Westmere | Alder | Creek |
    Montfleur
    """
)
PLACES_HELD_OUT = listed(
    """
    Kingsbridge | Fjordheim | Ravensmoor | Oakhollow | Seaview | Lindenhof | Pinecrest | Valbonne | Thornfield
    """
)
HOUSES = listed(
    """
    {} Hospital | {} Women's Clinic | St. {} Medical Center | Klinikum {} | {} MFM | {} Fetal Medicine |
    Universitätsklinik {} | Hôpital {} | {} Ultrasound | Dr. {} OB/GYN | {} Sygehus | {} UH | CHU {}
    """
)
HOUSES_HELD_OUT = listed(
    """
    {} General | {} Maternity Unit | Centro Médico {} | {} Imaging LLC | Praxis {} | {} Women & Infants | {}
    Perinatal Associates | Ospedale {} | {} Sjukhus
    """
)
SYLLABLES = listed(
    """
    ba | be | bo | da | de | di | do | fa | fe | ga | go | ha | he | hi | ka | ke | ki | la | le | li | lo | ma | me
    | mi | na | ne | no | pa | ra | re | ri | sa | sha | sto | ta | te | ti | tho | va | ve | wa | wi | ya | ze | zo
    | ber | dal | fen | gar | hol | kin | lund | mar | nov | quin | ros | sen | tor | vik | wen
    """
)
SIZES = listed(
    """
    BPD | HC | AC | FL | HL | OFD | CRL | GS | YS | NT | NB | TCD | CM | Vp | NF | EFW | TAD | APAD | APTD | UL |
    TIB | FTA | BOD | Cervix | CL | RAD | LVOT | MCA | UA | DV | AO | RVOT | IT | Dist | D1 | D2 | Ht | Circ | Area
    | Vol | Fib | EFW1 | OOD | IOD | Femur | Humerus | Uterus | EndoT | Fol | Kidney
    """
)
FLOWS = listed(
    """
    RI | PI | S/D | PS | ED | MD | TAmax | TAmean | PSV | EDV | PG
    """
)
TIMED = listed(
    """
    GA | LMP | EDD | EDC | AUA | CUA | DGA
    """
)
PLANES = listed(
    """
    HEAD | FACE | SPINE | PROFILE | PLACENTA | LT KIDNEY | RT KIDNEY | 4CH | LVOT | RVOT | 3VV | STOMACH | BLADDER |
    CORD | ABDOMEN | FEMUR | FOOT | HAND | CERVIX | CORD INSERTION | 3VC | HEART | NOSE/LIPS | ORBITS | CEREBELLUM |
    UTERUS | RT OVARY | LT OVARY | BABY A | BABY B | TWIN A | FETUS 1 | Fetus B | SAG | TRANS | LONG | Cervical
    Length | Nuchal fold | LEFT RIGHT | LT ARM | RT LEG | AORTIC ARCH | DUCTAL ARCH | DIAPHRAGM | KIDNEYS |
    GENITALIA | CSP | LATERAL | VENTRICLE | YOLK SAC | GEST SAC | POSTERIOR FOSSA | ANT | POST | FUNDUS | BREECH |
    CEPHALIC | VERTEX | UA | MCA | DV | IVC | SVC | LA | RV | LV | RA | AO | PA | Stomach | Placenta | Spine |
    Profile
    """
)
PLANES_HELD_OUT = listed(
    """
    ARM | LEG | ELBOW | TOES | EAR | LENS | PALATE | Hand | Foot | Cord | Nuchal | Bowel | Liver | RIBS | SACRUM |
    TIBIA | Umbilical | Vertex | Lips | Cisterna
    """
)
SETTINGS = listed(
    """
    Gn {n} | DR {n} | FR {n}Hz | {n}Hz | {n} fps | {x:.1f}cm | MI {o:.1f} | TIs {o:.1f} | TIb {o:.2f} | MI {o:.1f}
    TIs {o2:.1f} | C{s}-{s2} | RAB{s}-{s2}-D | {n}% | P {n}% | PRF {o:.1f}kHz | WF {n}Hz | THI | H MI | CRI | SRI
    {s} | Map {s} | 2D | CF | PW | Pers {s} | F {n} | Gain {n} | DynR {n}dB | Persist Med | Fr{n} | Res | HGen | Pen
    | AO {n}% | Frq {x:.1f}MHz | Har-mid | C {n} | {x:.1f} cm | OB | Abd | 2nd Trim. | OB/GYN | Routine | V{s}-{s2}
    | PW {n}% | SV {s}.0mm | Ang {n}° | SVD {x:.1f}cm | -{n}.{s} | +{n}.{s} cm/s | TIC {o:.1f} | 0 dB | Z {o:.1f} |
    Tissue | XRES | HD | B | M | SmartHD | Th{n}/Qual high2 | 4D | Surface | ISP {n} | LOOP | FREEZE | Zoom | bpm |
    VCI | 1/{n} | HR {n}
    """
)
SETTINGS_HELD_OUT = listed(
    """
    Gn {n} | DR {n} | FR {n}Hz | {n}Hz | {n} fps | {x:.1f}cm | MI {o:.1f} | TIs {o:.1f} | TIb {o:.2f} | MI {o:.1f}
    TIs {o2:.1f} | C{s}-{s2} | RAB{s}-{s2}-D | {n}% | P {n}% | PRF {o:.1f}kHz | WF {n}Hz | THI | H MI | CRI | SRI
    {s} | G:{n} | D:{x:.1f} | DR:{n}dB | AP:{n}% | F H{x:.1f}M | R{n} | Fps {n} | TIS: {o:.1f} | MI: {o:.1f} |
    iClear {s} | B FH{x:.1f} | IP {s} | {n} dB/C{s} | T{s}/{s}/{s2} | Freq: {x:.1f} MHz | Depth {x:.1f} cm | MultiHz
    | Space/Time {s} | CPA | Obst. | L{n}-{s} | DTHI | {n}fps | SL {s2} | EI {n}
    """
)
NOTES = listed(
    """
    Hi Grandma! | its a girl | its a boy!! | IT'S A GIRL | hello mom | my foot | thumb in mouth | smile :) | Hi
    Daddy | boy parts | cute nose | 1st picture | sleeping | Love you | see report | limited by habitus | repeat in
    2 wks | active fetus | maternal rt | fetal hand | Cl. visit | difficult view | post void | --> | <-- | ==> | no
    flow | good movement | ok | image quality poor | girl? | 3 vessels | twins! | Hello World | VTX | subopt | WNL |
    measured twice
    """
)
NOTES_HELD_OUT = listed(
    """
    say cheese | big sister soon | little man | it is a she | waving hello | tiny toes | happy baby | yawning | look
    at me | going home | dating scan | unable to see well | baby asleep | first hello | merry xmas | due soon! |
    full bladder | not seen today | <== | =>
    """
)
PERSONAL = listed(
    """
    for Dr. {family} | Hi {given}! | {given}'s baby | from {given} | call Dr. {family} | Baby {family} | love,
    {given} | Baby {given} | {given} & {family}
    """
)
OTHERS = listed(
    """
    {n}/{n2} | Image {n} | IM: {n} | Page 1 | F1 Help | Store | Report | End Exam | Loading... | Ready | SE:{s}
    IM:{n} | Text | Caliper | Exit | Print | v{s}.{s2}.{n} | Probe | Menu | REC | 1 of {s}
    """
)
