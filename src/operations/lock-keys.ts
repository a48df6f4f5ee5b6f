import type { OrderKey } from "../db/payments/payments";
import { makeId } from "../domain/id";

/*
 * The lock keys of commands. Each ends with an id, which chooses the sequencer.
 */

/** Returns the key of a testimony with its offers, checkouts and payouts. */
export const ofTestimony = ({ testimonyId }: { testimonyId: string }) => `testimony:${testimonyId}`;

/** Returns the key of an expert's payout account. */
export const ofPayoutAccount = ({ userId }: { userId: string }) => `account:${userId}`;

export const ofDeveloper = ({ developerId }: { developerId: string }) => `developer:${developerId}`;

export const ofConnectedAccount = ({ id }: { id: string }) => `account:${id}`;

/** Returns the key of a shopper with all payment methods. */
export const ofShopper = ({ userId }: { userId: string }) => `shopper:${userId}`;

/** Returns the key of an order with all its payments. */
export const ofOrder = ({ developerId, appId, orderId }: OrderKey) => `payment:${developerId}:${appId}:${orderId}`;

/** Returns the key of a webhook endpoint, whose test events are numbered. */
export const ofEndpoint = ({ id }: { id: string }) => `endpoint:${id}`;

/** The platform uses an id that no row has. */
const platformId = makeId(0, 0, new Uint8Array(9));

/** Returns the key of what is done for the whole platform. */
export const ofPlatform = () => `platform:${platformId}`;
