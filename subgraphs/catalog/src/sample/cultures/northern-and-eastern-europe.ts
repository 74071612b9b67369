import { type Culture, inTwoParts, list, named } from './culture.ts';

const swedishTitle = inTwoParts(
  list(
    'Natten, Ljuset, Sommaren, Vinden, Huset, En sång, Stjärnorna, Tåget, Vår sista dans, Havet, Snön, Fönstret, Hjärtat, Ett brev',
  ),
  list(
    'vid havet, under isen, utan slut, i september, om natten, till dig, på väg hem, av glas, före regnet, utan namn, i Malmö, som alla glömt',
  ),
);

export const swedish: Culture = {
  name: 'Swedish',
  weight: 14,
  homes: [
    ['SE', 'Göteborg', 'Umeå', 'Malmö', 'Stockholm'],
    ['NO', 'Bergen', 'Tromsø'],
    ['DK', 'Aarhus', 'København'],
    ['FI', 'Åbo'],
    ['IS', 'Akureyri'],
  ],
  genres: ['pop', 'indie-pop', 'metal', 'electronic', 'ambient', 'jazz'],
  labels: list('Norrsken Ljud, Fyrvaktaren, Blåbär Records, Stilla Vatten'),
  person: named(
    'Åsa, Sølve, Linnéa, Bjarke, Tuva, Eskil, Siv, Ragna, Halvard, Pernille, Örjan, Freja',
    'Ljungfors, Åkervik, Strandmark, Höstlund, Nordviken, Fjeldstad-Moe, Snöberg, Grönvall, Søndervig, Isakseter',
  ),
  band: (random) =>
    random.pick(
      list(
        'Midsommarklubben, Ön, Fjord Motel, Vinterapotek, Två Tåg, Nattbussarna, Slow Aurora, Is & Eld Kapell, HJÄRTLAND, Fyrar',
      ),
    ),
  title: swedishTitle,
};

const polishTitle = inTwoParts(
  list(
    'Ogród, Światło, Dom, Noc, Pociąg, Miasto, Deszcz, List, Okno, Cisza, Taniec, Księżyc, Droga, Ostatni tramwaj, Zima',
  ),
  list(
    'nad rzeką, bez końca, o świcie, pod śniegiem, ze szkła, na jutro, bez okien, za oceanem, w październiku, dla nikogo, w Gdyni, z papieru, po deszczu',
  ),
);

export const polish: Culture = {
  name: 'Polish',
  weight: 12,
  homes: [['PL', 'Wrocław', 'Kraków', 'Łódź', 'Gdynia', 'Warszawa', 'Poznań']],
  genres: ['jazz', 'metal', 'hip-hop', 'singer-songwriter'],
  labels: list('Wytwórnia Sowa, Trzecie Piętro, Zielony Tramwaj'),
  person: named(
    'Jagoda, Wacław, Bronisława, Zdzisław, Łucja, Żaneta, Mirosz, Kalina, Gniewko, Róża',
    'Nowik-Świerk, Jaworzyn, Źródlak, Szumiło, Wiatrowicz, Śnieżko, Brzozowiec, Łąkowicz, Dąbrówczyk',
  ),
  band: (random) =>
    random.pick(
      list('Nocne Tramwaje, Ćmy, Żółty Balkon, Klub Latarników, Wschodni Wiatr, Trzy Mosty, Kwartet Zimowy'),
    ),
  title: polishTitle,
};

const ukrainianTitle = inTwoParts(
  list(
    'Сад, Світло, Дім, Ніч, Потяг, Місто, Дощ, Лист, Вікно, Тиша, Пісня, Місяць, Дорога, Степ, Остання зима',
  ),
  list(
    'над рікою, без кінця, до ранку, під снігом, за морем, на завтра, для нікого, у жовтні, після дощу, без тебе, з дитинства, серед літа',
  ),
);

export const ukrainian: Culture = {
  name: 'Ukrainian',
  weight: 10,
  homes: [['UA', 'Lviv', 'Kyiv', 'Odesa', 'Kharkiv', 'Poltava']],
  genres: ['folk', 'electronic', 'indie-rock', 'metal'],
  labels: list('Друга Хвиля, Калинова, Sered Nochi'),
  person: named(
    'Соломія, Остап, Квітка, Назар, Зоряна, Лук’ян, Мирослава, Тарас, Ярина',
    'Вітренко-Гай, Степаненко-Яр, Зимовець, Громовиця, Калинюк, Білохмара, Лелечина, Водограй',
  ),
  band: (random) =>
    random.pick(
      list('Тиха Станція, Сині Вікна, Вулик, Місячний Трамвай, Північне Сяйво Клуб, Дванадцять Мостів'),
    ),
  title: ukrainianTitle,
};

const greekTitle = inTwoParts(
  list(
    'Το φως, Η νύχτα, Η θάλασσα, Ο δρόμος, Το παράθυρο, Το τραγούδι, Ο άνεμος, Η σιωπή, Το γράμμα, Το νησί',
  ),
  list(
    'του χειμώνα, της βροχής, του Σεπτέμβρη, της πόλης, των άστρων, του πατέρα μου, της αυγής, του γυρισμού, της Κυριακής',
  ),
);

const greekWoman = named(
  'Δανάη, Ηλέκτρα, Αλκυόνη, Μυρτώ, Χλόη',
  'Θαλασσινού-Ρω, Κυματάκη, Αστερίου, Φεγγαράκη',
);
const greekMan = named('Ορφέας, Στέφανος, Ιάσονας, Λευτέρης', 'Ανεμογιάννης, Ελαιώνας, Πελαγίδης, Αστερίου');

export const greek: Culture = {
  name: 'Greek',
  weight: 8,
  homes: [
    ['GR', 'Thessaloniki', 'Athens', 'Heraklion', 'Patras'],
    ['CY', 'Limassol'],
  ],
  genres: ['folk', 'pop', 'rock', 'jazz'],
  labels: list('Μελτέμι, Γαλάζιο Ακρωτήρι, Third Island'),
  // Family names go by gender.
  person: (random) => (random.chance(0.5) ? greekWoman(random) : greekMan(random)),
  band: (random) =>
    random.pick(list('Τα Μπλε Παράθυρα, Νυχτερινό Πλοίο, Οι Φαροφύλακες, Κυκλάδες Ορχήστρα, Λευκά Σπίτια')),
  title: greekTitle,
};

// A Turkish adjective stays as it is, whatever it stands before.
const turkishTitle = inTwoParts(
  list('Mavi, Kayıp, Sessiz, Uzak, Son, Beyaz, Yorgun, Gizli, Eski, Sıcak, Yarım, Güzel, Soğuk, İlk'),
  list(
    'Gece, Şehir, Deniz, Yağmur, Mektup, Pencere, Yol, Rüya, Işık, Bahçe, Vapur, Şarkı, Ay, Rüzgâr, Pazar',
  ),
);

export const turkish: Culture = {
  name: 'Turkish',
  weight: 12,
  homes: [
    ['TR', 'İzmir', 'İstanbul', 'Ankara', 'Eskişehir'],
    ['DE', 'Berlin'],
  ],
  genres: ['rock', 'funk', 'electronic', 'folk'],
  labels: list('Martı Plak, İskele Müzik, Gece Vapuru'),
  person: named(
    'Defne, Çağrı, Işıl, Rüzgâr, Nazlıcan, Ozanalp, Gülbahar, Şirin, Tunahan, Bilge',
    'Denizaltı, Yağmurdereli, Ayışığı, Karabulutlu, Gökırmak, Çınaraltı, Kuşadası-Er, Yıldızoğulları',
  ),
  band: (random) =>
    random.pick(list('Boğaz Ekspresi, Üç Martı, Sarı Tramvay, Gece Bekçileri, Anadolu Uydusu, Uzak İskele')),
  title: turkishTitle,
};
