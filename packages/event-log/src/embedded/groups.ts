import type { SubscribeOptions, Subscription } from '../event-log.ts';
import { type PartitionConsumer, startPartitionConsumer } from './partition-consumer.ts';
import type { PartitionState, TopicState } from './topics.ts';

type ConsumerOptions = Parameters<typeof startPartitionConsumer>[0];

export interface GroupsOptions {
  readonly findTopic: (name: string) => TopicState | undefined;
  /** What a member needs for one partition. */
  readonly consume: (
    member: SubscribeOptions,
    partition: PartitionState,
  ) => Pick<ConsumerOptions, 'findPosition' | 'read' | 'commit' | 'logger'>;
}

/** The consumer groups of this process. */
export interface Groups {
  join(options: SubscribeOptions): Subscription;
  /** Whether anybody consumes as this group. */
  isActive(group: string): boolean;
  /** There are new topics or partitions. */
  rebalance(): void;
  /** Stops all members. */
  stop(): Promise<void>;
}

/** A member with the consumers of its partitions. */
interface Member {
  readonly options: SubscribeOptions;
  readonly consumers: Set<PartitionConsumer>;
  stopping: Promise<void> | null;
}

/** A partition as one group has it. */
interface Seat {
  readonly partition: PartitionState;
  wanted: Member | null;
  taken: { readonly member: Member; readonly consumer: PartitionConsumer } | null;
  settling: boolean;
}

interface Group {
  members: readonly Member[];
  readonly seats: Map<PartitionState, Seat>;
}

export function createGroups({ findTopic, consume }: GroupsOptions): Groups {
  const groups = new Map<string, Group>();

  /** Partition by partition to the members that asked for its topic, in turn. */
  function rebalance(name: string) {
    const group = groups.get(name);
    if (!group) return;
    for (const topicName of new Set(group.members.flatMap(({ options }) => options.topics))) {
      for (const partition of findTopic(topicName)?.partitions ?? []) {
        if (!group.seats.has(partition)) {
          group.seats.set(partition, { partition, wanted: null, taken: null, settling: false });
        }
      }
    }
    for (const seat of group.seats.values()) {
      const { topic, partition } = seat.partition;
      const takers = group.members.filter(({ options }) => options.topics.includes(topic));
      seat.wanted = takers[partition % takers.length] ?? null;
      void settle(seat);
    }
  }

  /** One member at a time: the next begins when the one before has ended. */
  async function settle(seat: Seat) {
    if (seat.settling) return;
    seat.settling = true;
    while ((seat.taken?.member ?? null) !== seat.wanted) {
      if (seat.taken) {
        const { member, consumer } = seat.taken;
        await (seat.wanted ? consumer.handOver() : consumer.stop());
        member.consumers.delete(consumer);
        seat.taken = null;
      } else if (seat.wanted) {
        const member = seat.wanted;
        const { group, handle, maxBatch = 500 } = member.options;
        const { partition } = seat;
        const consumer = startPartitionConsumer({
          ...{ group, handle, maxBatch, partition },
          ...consume(member.options, partition),
        });
        member.consumers.add(consumer);
        seat.taken = { member, consumer };
      }
    }
    seat.settling = false;
  }

  async function leave(member: Member) {
    const { group: name } = member.options;
    const group = groups.get(name);
    if (!group) return;
    // It counts as consuming until it has committed what it did.
    const stopped = Promise.all([...member.consumers].map((consumer) => consumer.stop()));
    group.members = group.members.filter((other) => other !== member);
    rebalance(name);
    await stopped;
    if (group.members.length === 0 && groups.get(name) === group) groups.delete(name);
  }

  const stop = (member: Member) => {
    member.stopping ??= leave(member);
    return member.stopping;
  };

  return {
    join(options) {
      const member: Member = { options, consumers: new Set(), stopping: null };
      const group: Group = groups.get(options.group) ?? { members: [], seats: new Map() };
      group.members = [...group.members, member];
      groups.set(options.group, group);
      rebalance(options.group);
      return { stop: () => stop(member) };
    },
    isActive: (group) => groups.has(group),
    rebalance() {
      for (const name of groups.keys()) rebalance(name);
    },
    async stop() {
      const members = [...groups.values()].flatMap((group) => group.members);
      await Promise.all(members.map(stop));
    },
  };
}
