import { createSparkEngine } from '../../src/adapters/spark-engine.ts';
import { trainingEngineContract } from './training-engine.contract.ts';

const { SPARK_SUBMIT } = process.env;
if (!SPARK_SUBMIT) console.info('The training engine on Spark is left out, as SPARK_SUBMIT is not set.');
else {
  trainingEngineContract('spark', async () =>
    createSparkEngine({
      submit: SPARK_SUBMIT,
      master: 'local[2]',
      driverMemory: '1g',
      submitOptions: [
        // Of a second of work, most would be the compiler's.
        '--driver-java-options',
        '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC',
        '--conf',
        'spark.sql.shuffle.partitions=2',
      ],
    }),
  );
}
