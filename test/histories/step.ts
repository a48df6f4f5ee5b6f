import * as fc from "fast-check";
import type { Temper } from "../temper";
import { type FaultAction, faultActions } from "./fault-steps";
import { lateInOffers, lateInPayments } from "./late-steps";
import { type OffersAction, type OffersSetting, offersActions, offersCalls, offersSetting } from "./offers-steps";
import {
  type OpeningOrder,
  openingOrders,
  type PaymentsAction,
  paymentsActions,
  paymentsCalls,
} from "./payments-steps";
import { type PeopleAction, peopleActions } from "./people-steps";
import { type Quotas, quotas } from "./quota-setting";
import { type TemperAction, temper, temperActions } from "./temper";
import { openingTransfers, type TransfersAction, type TransferTerms, transfersActions } from "./transfers-steps";

/**
 * One step of a history, as data: it can be printed, shrunk and repeated. Numbers choose among what exists when the
 * step is taken (the third of two is the first); where nothing exists yet, nothing happens.
 */
export type Action = OffersAction | PaymentsAction | PeopleAction | TransfersAction | FaultAction | TemperAction;

export type Step = Action | { do: "together"; actions: Action[] };

/** The beginning of a history. */
export interface Setting extends OffersSetting {
  /** Without orders there is no shop. */
  orders: OpeningOrder[];
  /** Without transfers there are no applications. */
  transfers: TransferTerms[];
  /** If it is absent, Stripe is as lenient as it can be. */
  temper?: Temper;
  /** If they are absent, there is room for everything. */
  quotas?: Quotas;
}

export interface History {
  setting: Setting;
  steps: Step[];
}

const noOffers = fc.constant<OffersSetting>({ onboarded: [false, false], testimonies: [] });
const noOrders = fc.constant<OpeningOrder[]>([]);
/** Histories without payments through Stripe leave it lenient. */
const mild = fc.constant(undefined);
const noTransfers = fc.constant<TransferTerms[]>([]);

/** The beginning and the steps of histories of each contract. */
const contracts = {
  offers: {
    setting: settingOf(offersSetting, noOrders, noTransfers, temper),
    actions: [...offersActions, ...peopleActions, ...faultActions(offersCalls), ...temperActions],
    late: lateInOffers,
  },
  payments: {
    setting: settingOf(noOffers, openingOrders, noTransfers, temper),
    actions: [...paymentsActions, ...faultActions(paymentsCalls), ...temperActions],
    late: lateInPayments,
  },
  transfers: {
    setting: settingOf(noOffers, noOrders, openingTransfers, mild),
    actions: [...transfersActions, ...faultActions([])],
    late: fc.constant<Action[]>([]),
  },
  all: {
    setting: settingOf(offersSetting, openingOrders, openingTransfers, temper),
    actions: [
      ...offersActions,
      ...peopleActions,
      ...paymentsActions,
      ...transfersActions,
      ...faultActions([...offersCalls, ...paymentsCalls]),
      ...temperActions,
    ],
    late: fc.oneof(lateInOffers, lateInPayments),
  },
};

/** Generates histories of up to `stepsMax` steps: of each contract, and of all together. */
export function histories(stepsMax: number): fc.Arbitrary<History> {
  return fc.oneof(
    { weight: 3, arbitrary: historiesOf(stepsMax, contracts.offers) },
    { weight: 4, arbitrary: historiesOf(stepsMax, contracts.payments) },
    { weight: 3, arbitrary: historiesOf(stepsMax, contracts.transfers) },
    { weight: 1, arbitrary: historiesOf(stepsMax, contracts.all) },
  );
}

function settingOf(
  offers: fc.Arbitrary<OffersSetting>,
  orders: fc.Arbitrary<OpeningOrder[]>,
  transfers: fc.Arbitrary<TransferTerms[]>,
  tempers: fc.Arbitrary<Temper | undefined>,
): fc.Arbitrary<Setting> {
  const sometimes = fc.option(quotas, { freq: 2, nil: undefined });
  return fc.tuple(offers, orders, transfers, tempers, sometimes).map(([people, list, opening, drawn, room]) => ({
    ...people,
    orders: list,
    transfers: opening,
    ...(drawn && { temper: drawn }),
    ...(room && { quotas: room }),
  }));
}

function historiesOf(
  stepsMax: number,
  {
    setting,
    actions,
    late,
  }: { setting: fc.Arbitrary<Setting>; actions: fc.WeightedArbitrary<Action>[]; late: fc.Arbitrary<Action[]> },
): fc.Arbitrary<History> {
  const action = fc.oneof(...actions);
  const together = fc.record({
    do: fc.constant("together" as const),
    actions: fc.array(action, { minLength: 2, maxLength: 4 }),
  });
  const steps: fc.Arbitrary<Step[]> = fc.oneof(
    { weight: 15, arbitrary: action.map((one) => [one]) },
    { weight: 3, arbitrary: together.map((one) => [one]) },
    { weight: 2, arbitrary: late },
  );
  return fc.record({
    setting,
    steps: fc
      .array(steps, { minLength: Math.ceil(stepsMax / 2), maxLength: stepsMax, size: "max" })
      .map((parts) => parts.flat()),
  });
}

/** Prints a history, one line a step. */
export function printed({ setting: start, steps }: History): string {
  return [JSON.stringify(start), ...steps.map((one, at) => `${at + 1}. ${JSON.stringify(one)}`)].join("\n");
}
