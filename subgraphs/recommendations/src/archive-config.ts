import { z } from 'zod';

/** Where the archive of plays is, for all processes that write or read it. */
export const archiveConfig = {
  /** A folder, or `s3://bucket/prefix`; endpoint, region and credentials by the variables of the AWS SDK. */
  ARCHIVE_URL: z.string().min(1),
};
