"""Names for the demo's families, with the letters of several languages."""

SURNAMES = (
    "Petersen", "Brandt", "Orlov", "Hale", "Lund", "Rey", "Novák", "Horváthová", "Kováč", "Šimková",
    "Dvořák", "Procházka", "Müller", "Schäfer", "Groß", "Weiß", "Nagy", "Szabó", "Tóth", "Kőszegi",
    "Wójcik", "Kowalczyk", "Zieliński", "Łukasik", "Ångström", "Björk", "Østergaard", "Sørensen", "Ødegård",
    "Jönsson", "Mäkinen", "Hämäläinen", "García", "Muñoz", "Peña", "Ibáñez", "Gonçalves", "Araújo",
    "Lefèvre", "Françoise", "Béranger", "D’Angelo", "Ricci", "Özdemir", "Yıldız", "Çelik", "Popescu",
    "Ștefănescu", "Ivanović", "Đorđević", "Žižka", "Krejčí", "O’Connor", "MacLeod", "Whitfield", "Ashworth",
    "Bell-Harper", "van der Meer", "de Vries", "Okafor", "Mensah", "Nguyễn", "Trần", "Haddad", "Rahimi",
    "Cohen", "Levi", "Kapoor", "Sharma", "Tanaka", "Kim", "Chen", "Papadopoulos", "Georgiou", "Bērziņš",
    "Kazlauskas", "Mägi", "Novotná", "Benko", "Bartoš", "Urban", "Hruška", "Polák", "Varga", "Fekete",
    "Lakatos", "Marek", "Sedláček", "Růžička", "Čech",
)  # fmt: skip
ADULTS = (
    "Anna", "Ľubica", "Zuzana", "Tomáš", "Peter", "Eva", "Lucia", "Jakub", "Kateřina", "Ondřej", "Jürgen",
    "Sabine", "Ágnes", "Gábor", "Małgorzata", "Paweł", "Åsa", "Søren", "Päivi", "José", "María", "João",
    "Inês", "Hélène", "François", "Chiara", "Emre", "Ayşe", "Ioana", "Nikola", "Siobhán", "Fiona",
    "Marieke", "Chidi", "Ama", "Linh", "Amira", "Noa", "Priya", "Yuki",
)  # fmt: skip
CHILDREN = (
    "Anouk", "Leo", "Saskia", "Idris", "Freya", "Tomás", "Ella", "Noah", "Mia", "Oskar", "Zoë", "Emil",
    "Laura", "Adam", "Sofia", "Jakub", "Nina", "Matyáš", "Tereza", "Šimon", "Eliška", "Filip", "Zofia",
    "Antoni", "Maja", "Nils", "Astrid", "Lumi", "Aino", "Mateo", "Lucía", "Nuno", "Inês", "Chloé", "Théo",
    "Giulia", "Deniz", "Elif", "Luca", "Ana", "Mila", "Ruben", "Fenna", "Ada", "Kofi", "Minh", "Yara",
    "Eitan", "Asha", "Hana", "Jun", "Nikos", "Elena", "Jonas", "Liis", "Viktor", "Amélie", "Ben", "Ida",
)  # fmt: skip
HEALTH_NOTES = (
    "Asthma, inhaler in bag",
    "Nut allergy",
    "Wears glasses",
    "Hay fever",
    "Grommets, ear plugs on",
)
