// Written by `npm run audio:manifest`. Do not edit by hand.

export const manifest = [
  {
    number: 1,
    name: 'Harbour Lights',
    durationMs: 118780,
    gainDb: 0,
    encodings: {
      LOW: {
        sizeBytes: 1425360,
      },
      MEDIUM: {
        sizeBytes: 1900480,
      },
      NORMAL: {
        sizeBytes: 2375600,
      },
      HIGH: {
        sizeBytes: 4751200,
      },
      LOSSLESS: {
        sizeBytes: 20786500,
      },
    },
  },
  {
    number: 2,
    name: 'Paper Lanterns',
    durationMs: 110660,
    gainDb: 0,
    encodings: {
      LOW: {
        sizeBytes: 1327920,
      },
      MEDIUM: {
        sizeBytes: 1770560,
      },
      NORMAL: {
        sizeBytes: 2213200,
      },
      HIGH: {
        sizeBytes: 4426400,
      },
      LOSSLESS: {
        sizeBytes: 19365500,
      },
    },
  },
  {
    number: 3,
    name: 'Night Bus Home',
    durationMs: 126030,
    gainDb: 0,
    encodings: {
      LOW: {
        sizeBytes: 1512360,
      },
      MEDIUM: {
        sizeBytes: 2016480,
      },
      NORMAL: {
        sizeBytes: 2520600,
      },
      HIGH: {
        sizeBytes: 5041200,
      },
      LOSSLESS: {
        sizeBytes: 22055250,
      },
    },
  },
  {
    number: 4,
    name: 'Salt and Cedar',
    durationMs: 118280,
    gainDb: 0,
    encodings: {
      LOW: {
        sizeBytes: 1419360,
      },
      MEDIUM: {
        sizeBytes: 1892480,
      },
      NORMAL: {
        sizeBytes: 2365600,
      },
      HIGH: {
        sizeBytes: 4731200,
      },
      LOSSLESS: {
        sizeBytes: 20699000,
      },
    },
  },
  {
    number: 5,
    name: 'Low Sun',
    durationMs: 113710,
    gainDb: 0,
    encodings: {
      LOW: {
        sizeBytes: 1364520,
      },
      MEDIUM: {
        sizeBytes: 1819360,
      },
      NORMAL: {
        sizeBytes: 2274200,
      },
      HIGH: {
        sizeBytes: 4548400,
      },
      LOSSLESS: {
        sizeBytes: 19899250,
      },
    },
  },
  {
    number: 6,
    name: 'Glass Arcade',
    durationMs: 124000,
    gainDb: 0,
    encodings: {
      LOW: {
        sizeBytes: 1488000,
      },
      MEDIUM: {
        sizeBytes: 1984000,
      },
      NORMAL: {
        sizeBytes: 2480000,
      },
      HIGH: {
        sizeBytes: 4960000,
      },
      LOSSLESS: {
        sizeBytes: 21700000,
      },
    },
  },
  {
    number: 7,
    name: 'Slow Orbit',
    durationMs: 127870,
    gainDb: 0,
    encodings: {
      LOW: {
        sizeBytes: 1534440,
      },
      MEDIUM: {
        sizeBytes: 2045920,
      },
      NORMAL: {
        sizeBytes: 2557400,
      },
      HIGH: {
        sizeBytes: 5114800,
      },
      LOSSLESS: {
        sizeBytes: 22377250,
      },
    },
  },
  {
    number: 8,
    name: 'Copper Wires',
    durationMs: 127420,
    gainDb: 0,
    encodings: {
      LOW: {
        sizeBytes: 1529040,
      },
      MEDIUM: {
        sizeBytes: 2038720,
      },
      NORMAL: {
        sizeBytes: 2548400,
      },
      HIGH: {
        sizeBytes: 5096800,
      },
      LOSSLESS: {
        sizeBytes: 22298500,
      },
    },
  },
  {
    number: 9,
    name: 'Meadow Static',
    durationMs: 128800,
    gainDb: 0,
    encodings: {
      LOW: {
        sizeBytes: 1545600,
      },
      MEDIUM: {
        sizeBytes: 2060800,
      },
      NORMAL: {
        sizeBytes: 2576000,
      },
      HIGH: {
        sizeBytes: 5152000,
      },
      LOSSLESS: {
        sizeBytes: 22540000,
      },
    },
  },
  {
    number: 10,
    name: 'Tidal Clock',
    durationMs: 132570,
    gainDb: 0,
    encodings: {
      LOW: {
        sizeBytes: 1590840,
      },
      MEDIUM: {
        sizeBytes: 2121120,
      },
      NORMAL: {
        sizeBytes: 2651400,
      },
      HIGH: {
        sizeBytes: 5302800,
      },
      LOSSLESS: {
        sizeBytes: 23199750,
      },
    },
  },
  {
    number: 11,
    name: 'Old Town Rain',
    durationMs: 134900,
    gainDb: 0,
    encodings: {
      LOW: {
        sizeBytes: 1618800,
      },
      MEDIUM: {
        sizeBytes: 2158400,
      },
      NORMAL: {
        sizeBytes: 2698000,
      },
      HIGH: {
        sizeBytes: 5396000,
      },
      LOSSLESS: {
        sizeBytes: 23607500,
      },
    },
  },
  {
    number: 12,
    name: 'North Platform',
    durationMs: 142180,
    gainDb: 0,
    encodings: {
      LOW: {
        sizeBytes: 1706160,
      },
      MEDIUM: {
        sizeBytes: 2274880,
      },
      NORMAL: {
        sizeBytes: 2843600,
      },
      HIGH: {
        sizeBytes: 5687200,
      },
      LOSSLESS: {
        sizeBytes: 24881500,
      },
    },
  },
] as const;
