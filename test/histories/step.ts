import * as fc from "fast-check";
import type { Temper } from "../temper";
import { lateInOffers, lateInPayments } from "./late-steps";
import { type OffersAction, type OffersSetting, offersActions, offersCalls, offersSetting } from "./offers-steps";
import {
  type OpeningOrder,
  openingOrders,
  type PaymentsAction,
  paymentsActions,
  paymentsCalls,
} from "./payments-steps";
import { type TemperAction, temper, temperActions } from "./temper";
import { openingTransfers, type TransfersAction, type TransferTerms, transfersActions } from "./transfers-steps";
import { type WeatherAction, weatherActions } from "./weather-steps";

/**
 * One step of a history, as data: it prints, shrinks and repeats. Numbers choose among what exists when the step is
 * taken (the third of two is the first); where nothing exists yet, nothing happens.
 */
export type Action = OffersAction | PaymentsAction | TransfersAction | WeatherAction | TemperAction;

export type Step = Action | { do: "together"; actions: Action[] };

/** Who and what a history starts with. */
export interface Setting extends OffersSetting {
  /** Without any there is no shop. */
  orders: OpeningOrder[];
  /** Without any there are no applications. */
  transfers: TransferTerms[];
  /** Without one Stripe is mild. */
  temper?: Temper;
}

export interface History {
  setting: Setting;
  steps: Step[];
}

const noOffers = fc.constant<OffersSetting>({ onboarded: [false, false], testimonies: [] });
const noOrders = fc.constant<OpeningOrder[]>([]);
/** Where nothing is paid through Stripe, nothing of it is in the books. */
const mild = fc.constant(undefined);
const noTransfers = fc.constant<TransferTerms[]>([]);

/** What a history of each contract begins with, and what happens in it. */
const contracts = {
  offers: {
    setting: settingOf(offersSetting, noOrders, noTransfers, temper),
    actions: [...offersActions, ...weatherActions(offersCalls), ...temperActions],
    late: lateInOffers,
  },
  payments: {
    setting: settingOf(noOffers, openingOrders, noTransfers, temper),
    actions: [...paymentsActions, ...weatherActions(paymentsCalls), ...temperActions],
    late: lateInPayments,
  },
  transfers: {
    setting: settingOf(noOffers, noOrders, openingTransfers, mild),
    actions: [...transfersActions, ...weatherActions([])],
    late: fc.constant<Action[]>([]),
  },
  all: {
    setting: settingOf(offersSetting, openingOrders, openingTransfers, temper),
    actions: [
      ...offersActions,
      ...paymentsActions,
      ...transfersActions,
      ...weatherActions([...offersCalls, ...paymentsCalls]),
      ...temperActions,
    ],
    late: fc.oneof(lateInOffers, lateInPayments),
  },
};

/** Histories of up to `stepsMax` steps: of each contract, and of all beside each other. */
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
  return fc.tuple(offers, orders, transfers, tempers).map(([people, list, opening, drawn]) => ({
    ...people,
    orders: list,
    transfers: opening,
    ...(drawn && { temper: drawn }),
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

/** One line a step. */
export function printed({ setting: start, steps }: History): string {
  return [JSON.stringify(start), ...steps.map((one, at) => `${at + 1}. ${JSON.stringify(one)}`)].join("\n");
}
