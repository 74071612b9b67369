import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { type ArchiveStore, ArchiveUnavailableError } from '../domain/archive-store.ts';

export interface S3ArchiveOptions {
  readonly bucket: string;
  /** Ends with `/`, or is empty. */
  readonly prefix: string;
  /** Unless the environment of the SDK says it (`AWS_ENDPOINT_URL_S3`, `AWS_REGION`, credentials). For tests. */
  readonly client?: S3Client;
}

/** The archive in a bucket of S3, or of a server that speaks as S3 does. A file is one put: it is there whole, or not at all. */
export function createS3Archive({ bucket, prefix, client = openClient() }: S3ArchiveOptions): ArchiveStore {
  const at = (name: string) => ({ Bucket: bucket, Key: `${prefix}${name}` });

  return {
    url: `s3://${bucket}/${prefix}`,

    write: (name, content) =>
      orUnavailable(`${name} cannot be written`, async () => {
        await client.send(new PutObjectCommand({ ...at(name), Body: content, ContentType: parquet }));
      }),

    async *list(folder, { from = '', before } = {}) {
      let token: string | undefined;
      // What comes first is the one after: a name is never the beginning of a range.
      const startAfter = from > folder ? { StartAfter: `${prefix}${from}` } : {};
      do {
        const page = await orUnavailable(`${folder} cannot be listed`, () =>
          client.send(
            new ListObjectsV2Command({
              Bucket: bucket,
              Prefix: `${prefix}${folder}`,
              ...(token === undefined ? startAfter : { ContinuationToken: token }),
            }),
          ),
        );
        for (const { Key: key = '', Size: bytes = 0 } of page.Contents ?? []) {
          const name = key.slice(prefix.length);
          if (before !== undefined && name >= before) return;
          yield { name, bytes };
        }
        token = page.NextContinuationToken;
      } while (token !== undefined);
    },

    open: (name) =>
      orUnavailable(`${name} cannot be opened`, async () => {
        const found = await client.send(new HeadObjectCommand(at(name))).catch(nullWhenMissing);
        if (!found) return null;
        const { ContentLength: byteLength = 0, ETag: etag } = found;
        return {
          byteLength,
          slice: (start: number, end = byteLength) =>
            orUnavailable(`${name} cannot be read`, async () => {
              const last = Math.min(end, byteLength) - 1;
              if (last < start) return new ArrayBuffer(0);
              // Somebody who puts another file in its place meanwhile must not mix the two.
              const range = { ...at(name), Range: `bytes=${start}-${last}`, IfMatch: etag };
              const { Body: body } = await client.send(new GetObjectCommand(range));
              if (!body) throw new Error('the answer has no body');
              const bytes = await body.transformToByteArray();
              if (bytes.length !== last - start + 1)
                throw new Error(`expected ${last - start + 1} bytes, got ${bytes.length}`);
              return toArrayBuffer(bytes);
            }),
          async close() {},
        };
      }),

    // A put that is cut off leaves nothing behind.
    tidy: async () => 0,

    async close() {
      client.destroy();
    },
  };
}

const parquet = 'application/vnd.apache.parquet';

/** Buckets are part of the path where the endpoint is not Amazon's: other servers seldom have a host name for each. */
function openClient(): S3Client {
  return new S3Client({
    forcePathStyle: true,
    maxAttempts: 4,
    // Older servers do not know the checksums that the SDK would add.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 60_000 },
  });
}

const toArrayBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): ArrayBuffer =>
  buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;

function nullWhenMissing(error: unknown): null {
  if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404) return null;
  throw error;
}

async function orUnavailable<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ArchiveUnavailableError ? error : new ArchiveUnavailableError(what, error);
  }
}
