export { renderAuthenticationPage } from "./authentication";
export { renderCancelPage } from "./cancel";
export { renderCheckoutPage } from "./checkout";
export { contentSecurityPolicy } from "./content-security-policy";
export { renderMessagePage } from "./message";
export { renderOnboardingPage } from "./onboarding";
export { renderStartPage } from "./start";
export { renderSuccessPage } from "./success";
export type * from "./views";
