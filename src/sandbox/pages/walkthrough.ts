interface Step {
  readonly title: string;
  readonly text: string;
  /** Commands for bash and zsh, without comments, which an interactive zsh does not accept. */
  readonly commands: string;
}

/**
 * Returns the story of one offer in commands that work when pasted one after the other, also repeatedly: e-mail and
 * phone are new in each run. Takes the origin of this server.
 */
export function walkthrough(origin: string): readonly Step[] {
  return [
    {
      title: "Prepare the shell",
      text: "A short name for the API, a number that makes this run unique, and a way to pick one field from an answer.",
      commands: `API=${origin}/api/v1
JSON="Content-Type: application/json"
RUN=$(date +%s)
field() { grep -o "\\"$1\\":\\"[^\\"]*" | head -n 1 | cut -d '"' -f 4; }`,
    },
    {
      title: "Register a client",
      text: "The answer is a token. Nothing printed means that the answer was an error: drop the last pipe to read it.",
      commands: `CLIENT=$(curl -s "$API/auth/register/client" -H "$JSON" \\
  -d '{
  "email": "client.'$RUN'@example.com",
  "password": "correct horse 1", "passwordConfirmation": "correct horse 1",
  "newsletterSubscribed": false, "termsAgreed": true }' | field token)
echo "$CLIENT"`,
    },
    {
      title: "Post a testimony",
      text: "The client asks for an expert opinion on one property in the region of Nitra.",
      commands: `TESTIMONY=$(curl -s "$API/testimonies" -H "Authorization: Bearer $CLIENT" -H "$JSON" \\
  -d '{
  "purpose": "mortgage", "notes": "Access through the yard.",
  "realEstate": { "type": "garage", "region": "nr",
    "address": { "line1": "Skladova 12", "city": "Nitra", "postalCode": "949 01" } } }' |
  field id)
echo "$TESTIMONY"`,
    },
    {
      title: "Register an expert of that region",
      text: "Experts say where they work and where their money goes.",
      commands: `EXPERT=$(curl -s "$API/auth/register/expert" -H "$JSON" \\
  -d '{
  "email": "expert.'$RUN'@example.com", "phone": "+421905'$(printf %s "$RUN" | tail -c 6)'",
  "password": "correct horse 1", "passwordConfirmation": "correct horse 1",
  "firstName": "Ema", "lastName": "Expertova", "dateOfBirth": { "day": 1, "month": 2, "year": 1980 },
  "billingAddress": { "line1": "Dielenska 3", "city": "Nitra", "postalCode": "949 01", "country": "SK" },
  "company": { "businessId": "12345678", "taxId": "1234567890" },
  "bankAccount": { "iban": "SK3112000000198742637541" },
  "registrationNumber": "900001", "regions": ["nr"],
  "newsletterSubscribed": false, "termsAgreed": true }' | field token)
echo "$EXPERT"`,
    },
    {
      title: "Offer a price",
      text: "149.50 €; the platform adds 21 %, which is 31.40 €.",
      commands: `OFFER=$(curl -s "$API/testimonies/$TESTIMONY/offers" -H "Authorization: Bearer $EXPERT" -H "$JSON" \\
  -d '{
  "price": 149.50, "deliveryDays": 10 }' | field id)
echo "$OFFER"`,
    },
    {
      title: "Check out",
      text: "The client takes the offer and gets the address of a payment page.",
      commands: `URL=$(curl -s "$API/testimonies/offers/$OFFER/checkout" -H "Authorization: Bearer $CLIENT" -H "$JSON" \\
  -d '{
  "phone": "+421901234567", "firstName": "Klara", "lastName": "Klientova",
  "billingAddress": { "line1": "Skladova 12", "city": "Nitra", "postalCode": "949 01", "country": "SK" } }' |
  field url)
echo "$URL"`,
    },
    {
      title: "Pay",
      text: "Open that address in a browser and try a card that is declined first. Or pay from the shell:",
      commands: `curl -s -o /dev/null -w '%{http_code} %{redirect_url}\\n' "$URL" -d cardNumber=4242424242424242`,
    },
    {
      title: "Accept",
      text: "204 says that the offer is accepted. Stripe’s event may have been faster: the answer is the same, and so is the outcome.",
      commands: `curl -i "$API/testimonies/offers/accept" -H "Authorization: Bearer $CLIENT" -H "$JSON" \\
  -d '{ "sessionId": "'"\${URL##*/}"'" }'
curl -s "$API/testimonies/$TESTIMONY" -H "Authorization: Bearer $CLIENT"`,
    },
    {
      title: "Pay the expert",
      text: "The payout is held until the expert can receive it. Open the onboarding page, or complete it from the shell; then look for the transfer at Stripe.",
      commands: `ONBOARDING=$(curl -s "$API/me/payout-account" -H "Authorization: Bearer $EXPERT" -H "$JSON" \\
  -d '{}' | field url)
curl -s -o /dev/null "$ONBOARDING" -d complete=yes
sleep 5
curl -s "${origin}/sandbox/stripe/v1/transfers?transfer_group=$TESTIMONY" \\
  -H "Authorization: Bearer sk_test_sandbox"`,
    },
  ];
}
