import { type Culture, inTwoParts, list, named } from './culture.ts';

const japaneseTitle = inTwoParts(
  list('夜, 海辺, 夏, 雨, 東京, 記憶, 真夜中, 星, 冬, 月曜日, 風, 秘密, 駅, 六月, 硝子'),
  list('窓, 手紙, 電車, 花, 約束, 庭, 歌, 光, 地図, 海, 傘, 夢, 灯台, メロディ, ラジオ, 人魚'),
  (one, other) => `${one}の${other}`,
);
const japanesePhrases = list(
  'さよならの前に, ドライブ, また明日, 青い自転車, 恋は月曜から, ミッドナイト・ハイウェイ, 君の知らない街, 雨上がり, Plastic Summer, 夏が来る前に',
);

export const japanese: Culture = {
  name: 'Japanese',
  weight: 20,
  homes: [['JP', 'Yokohama', 'Kyoto', 'Sapporo', 'Tokyo', 'Kobe', 'Fukuoka']],
  genres: ['city-pop', 'ambient', 'jazz', 'rock', 'electronic', 'film-music'],
  labels: list('ソラネ・レコード, Minato Sound, 月面出版, Yuyake Tapes'),
  person: named(
    '澪, 遥斗, 千尋音, 蓮華, 朔太, 小夜, 海里, 環奈美, 湊一, 月乃',
    '青海, 星崎原, 夏目坂, 白波瀬, 霧島田, 花岡里, 風間瀬, 月見里',
    (given, family) => `${family}${given}`,
  ),
  band: (random) =>
    random.pick(
      list(
        '真夜中バス, 海とラジオ, ネオン銀河, 三日月喫茶, Harbor Kissa, 透明な猫, 夜行性クラブ, サマータイム商会, LAST METRO 82',
      ),
    ),
  title: (random) => (random.chance(0.3) ? random.pick(japanesePhrases) : japaneseTitle(random)),
};

const koreanTitle = inTwoParts(
  list('밤, 바다, 여름, 비, 서울, 기억, 새벽, 별, 겨울, 바람, 우리, 봄날, 거울, 첫눈'),
  list('창문, 편지, 기차, 꽃, 약속, 정원, 노래, 빛, 지도, 우산, 꿈, 온도, 비밀, 계절'),
  (one, other) => `${one}의 ${other}`,
);

export const korean: Culture = {
  name: 'Korean',
  weight: 16,
  homes: [['KR', 'Seoul', 'Busan', 'Incheon', 'Jeju']],
  genres: ['k-pop', 'r-and-b', 'hip-hop', 'indie-pop'],
  labels: list('달무리 엔터테인먼트, Haneul & Co., 파도 레코드'),
  person: named(
    '서율, 하람, 도연우, 새벽, 나래, 은솔, 지안비, 라온, 가온, 채움',
    '남궁, 선우, 황보, 독고, 제갈, 서문',
    (given, family) => `${family}${given}`,
  ),
  band: (random) =>
    random.pick(
      list('MOONRI, 새벽정거장, LUMI:N9, 파란대문, 다섯시반, HALO SEVEN, 여름사서함, PRISMA GIRLS'),
    ),
  title: (random) =>
    random.chance(0.25)
      ? random.pick(
          list(
            'Neon Heart, 다시 여름, Replay My Summer, 괜찮아 오늘은, Starlight Signal, 너에게 가는 길, 12월의 버스',
          ),
        )
      : koreanTitle(random),
};

const chineseTitle = inTwoParts(
  list('午夜, 夏日, 海边, 雨后, 远方, 城市, 月光, 冬季, 清晨, 秘密, 星空, 旧日'),
  list('花园, 列车, 来信, 窗台, 旋律, 地图, 电台, 旅馆, 约定, 渡口, 影子, 气球'),
  (one, other) => one + other,
);

export const mandarin: Culture = {
  name: 'Mandarin',
  weight: 12,
  homes: [
    ['TW', 'Taipei', 'Tainan'],
    ['CN', 'Chengdu', 'Shanghai'],
    ['SG', 'Singapore'],
    ['MY', 'Penang'],
  ],
  genres: ['pop', 'singer-songwriter', 'indie-rock', 'film-music'],
  labels: list('晚风唱片, 第七码头, Slow Lantern Music'),
  person: named(
    '语岚, 星澜, 子墨言, 若汐, 云深, 知夏, 南笙',
    '欧阳, 司徒, 上官, 慕容, 夏侯, 诸葛',
    (given, family) => family + given,
  ),
  band: (random) => random.pick(list('夜行渡轮, 蓝色书店, 无人岛乐队, 凌晨三点, 纸飞机计划, 雨季俱乐部')),
  title: chineseTitle,
};

const hindiHeads: readonly (readonly [word: string, particle: string])[] = [
  ['रात', 'की'],
  ['शहर', 'का'],
  ['बारिश', 'की'],
  ['गीत', 'का'],
  ['खिड़की', 'की'],
  ['सपना', 'का'],
  ['रोशनी', 'की'],
  ['सफ़र', 'का'],
  ['चिट्ठी', 'की'],
  ['रास्ता', 'का'],
];
const hindiOwners = list('चाँद, सावन, दिल, समंदर, कल, बचपन, सर्दियों, हवा, दिल्ली, तारों');

export const hindi: Culture = {
  name: 'Hindi',
  weight: 14,
  homes: [['IN', 'Mumbai', 'Jaipur', 'Delhi', 'Pune', 'Lucknow']],
  genres: ['film-music', 'pop', 'folk', 'hip-hop'],
  labels: list('Neelkamal Sangeet, Sawan Street, चौथी मंज़िल'),
  person: named(
    'Meghna, Aarush, Ishani, Tejaswi, Kabirjot, Nandini, Rohanya, Suhani',
    'Chandravani, Megharaj, Suryavanshi-Rao, Neelambari, Gulmohar, Saawanth, Dhruvika',
  ),
  band: (random) =>
    random.pick(
      list('चाय और चाँद, Monsoon Telegraph, आठवाँ सुर, Dilli Night Bazaar, Peepal Tree Project, नीली छतरी'),
    ),
  title: (random) => {
    const [word, particle] = random.pick(hindiHeads);
    return random.chance(0.15) ? word : `${random.pick(hindiOwners)} ${particle} ${word}`;
  },
};

const arabicTitle = inTwoParts(
  list('ضوء, ليل, أغنية, بحر, نافذة, طريق, رسالة, حديقة, مطر, صمت, قطار, وجه'),
  list('القمر, المدينة, النسيان, الصيف, الغياب, الياسمين, الفجر, البعيد, الأمس, الحنين, المساء'),
);

export const arabic: Culture = {
  name: 'Arabic',
  weight: 14,
  homes: [
    ['EG', 'Cairo', 'Alexandria'],
    ['LB', 'Beirut'],
    ['MA', 'Casablanca', 'Tangier'],
    ['TN', 'Tunis'],
    ['JO', 'Amman'],
  ],
  genres: ['pop', 'folk', 'electronic', 'hip-hop', 'jazz'],
  labels: list('نجمة البحر, Maqam House, Rue du Port'),
  person: named(
    'ليان, زياد, نورسين, سلمى, رائد, هالة, كرم, ياسمينة',
    'البحري, قمر الدين, الغيث, نجمان, الساحلي, الوردي, شمس',
  ),
  band: (random) =>
    random.pick(list('فرقة المرفأ, نوافذ, Beirut Signal, قطار الليل, Sahara Modular, مقهى البحر')),
  title: arabicTitle,
};
