export const audioQualities = ['LOW', 'MEDIUM', 'NORMAL', 'HIGH', 'LOSSLESS'] as const;

export type AudioQuality = (typeof audioQualities)[number];

export interface AudioFormat {
  readonly codec: 'VORBIS' | 'FLAC';
  /** Container's file extension, without the dot, as it stands in URLs. */
  readonly extension: 'ogg' | 'flac';
  /**
   * Kilobits (1,000 bits) a second. Vorbis is variable, so this is nominal; for FLAC it is the rate of the
   * uncompressed samples (24 bits x 44,100 Hz x 2 channels), which the file stays under.
   */
  readonly bitrateKbps: number;
  /** Content-Type of the file (RFC 5334 for Ogg, RFC 9639 for FLAC). */
  readonly mimeType: string;
}

const vorbis = (bitrateKbps: number): AudioFormat => ({
  codec: 'VORBIS',
  extension: 'ogg',
  bitrateKbps,
  mimeType: 'audio/ogg; codecs=vorbis',
});

/** What each quality is made of. */
export const audioFormats: Readonly<Record<AudioQuality, AudioFormat>> = {
  LOW: vorbis(96),
  MEDIUM: vorbis(128),
  NORMAL: vorbis(160),
  HIGH: vorbis(320),
  LOSSLESS: { codec: 'FLAC', extension: 'flac', bitrateKbps: 2117, mimeType: 'audio/flac' },
};
