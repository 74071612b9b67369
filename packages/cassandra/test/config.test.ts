import { cassandraConfig, readCassandraConfig } from '@medley/cassandra';
import { readConfig } from '@medley/config';
import { describe, expect, it } from 'vitest';

const read = (environment: Record<string, string>) =>
  readCassandraConfig(readConfig(cassandraConfig, environment));

describe('the environment of Cassandra', () => {
  it('needs contact points only', () => {
    expect(read({ CASSANDRA_CONTACT_POINTS: 'one, two:9142' })).toEqual({
      connection: {
        contactPoints: ['one:9042', 'two:9142'],
        localDataCenter: 'datacenter1',
        keyspace: 'medley',
      },
      replication: { datacenter1: 3 },
    });
  });

  it('takes credentials, certificates and replicas', () => {
    const { connection, replication } = read({
      CASSANDRA_CONTACT_POINTS: 'one',
      CASSANDRA_LOCAL_DATA_CENTER: 'eu',
      CASSANDRA_USERNAME: 'medley',
      CASSANDRA_PASSWORD: 'secret',
      CASSANDRA_TLS: 'true',
      CASSANDRA_REPLICATION: 'eu:3,us:5',
    });
    expect(connection.credentials).toEqual({ username: 'medley', password: 'secret' });
    expect(connection.tls).toEqual({});
    expect(replication).toEqual({ eu: 3, us: 5 });
  });

  it.each([
    [{}, 'CASSANDRA_CONTACT_POINTS: is required'],
    [{ CASSANDRA_CONTACT_POINTS: 'one:two' }, 'CASSANDRA_CONTACT_POINTS: must be host:port'],
    [{ CASSANDRA_CONTACT_POINTS: 'one', CASSANDRA_KEYSPACE: 'a b' }, 'CASSANDRA_KEYSPACE: must be'],
    [{ CASSANDRA_CONTACT_POINTS: 'one', CASSANDRA_REPLICATION: '3' }, 'must be datacenter:nodes'],
    [{ CASSANDRA_CONTACT_POINTS: 'one', CASSANDRA_USERNAME: 'medley' }, 'need each other'],
    [{ CASSANDRA_CONTACT_POINTS: 'one', CASSANDRA_TLS_CA: 'ca.pem' }, 'no effect without CASSANDRA_TLS'],
    [
      { CASSANDRA_CONTACT_POINTS: 'one', CASSANDRA_TLS: 'true', CASSANDRA_TLS_CA: '/no/such' },
      'cannot be read',
    ],
  ])('says what is wrong with %j', (environment, message) => {
    expect(() => read(environment as Record<string, string>)).toThrow(message);
  });
});
