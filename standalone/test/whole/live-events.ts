import type { LiveEvent } from '../recipes/without-a-gap.ts';

/** What the subscriptions of `schema/operations` tell, as far as tests look at it. */
export interface PlaylistEvent extends LiveEvent {
  readonly edits: readonly {
    readonly operationId: string;
    readonly kind: string;
    readonly by: { readonly id: string; readonly displayName: string } | null;
    readonly itemIds: readonly string[];
  }[];
  readonly playlist: {
    readonly id: string;
    readonly name: string;
    readonly itemCount: number;
    readonly snapshotId: string;
    readonly items: {
      readonly nodes: readonly {
        readonly addedBy: { readonly displayName: string } | null;
        readonly track: {
          readonly id: string;
          readonly title: string;
          readonly artists: readonly { readonly name: string }[];
        } | null;
      }[];
    };
  };
}

export interface PlaybackStateEvent extends LiveEvent {
  readonly state: {
    readonly session: {
      readonly id: string;
      readonly device: { readonly id: string };
      readonly track: { readonly id: string; readonly title: string; readonly viewerHasSaved: boolean };
      readonly positionMs: number;
      readonly paused: boolean;
    } | null;
    readonly queue: {
      readonly revision: number;
      readonly items: readonly { readonly track: { readonly title: string } | null }[];
      readonly updatedBy: { readonly id: string } | null;
    };
  };
}

export interface RecommendationsEvent extends LiveEvent {
  readonly causes: readonly string[];
  readonly recommendations: {
    readonly shelves: readonly {
      readonly items: readonly { readonly item: { readonly title?: string } | null }[];
    }[];
  };
}

export interface PlayCountEvent extends LiveEvent {
  readonly playCount: number;
  readonly track: { readonly id: string; readonly title: string };
}

export interface LivePlaysEvent extends LiveEvent {
  readonly at: string;
  readonly plays: number;
  readonly notCounted: number;
}
