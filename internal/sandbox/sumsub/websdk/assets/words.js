// What steps, documents, sides, data and doubts are called.

const titles = {
  APPLICANT_DATA: 'Your details',
  IDENTITY: 'Your identity document',
  SELFIE: 'Your selfie',
  PROOF_OF_RESIDENCE: 'Proof of your address'
};

const labels = {
  FRONT_SIDE: 'Front side',
  BACK_SIDE: 'Back side',
  ID_CARD: 'Identity card',
  DRIVERS: 'Driving licence',
  firstName: 'First name',
  lastName: 'Last name',
  dob: 'Date of birth',
  tin: 'Tax number'
};

// plain turns a name of the API into words: RESIDENCE_PERMIT, placeOfBirth, address.town.
function plain(name) {
  const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/[_.]/g, ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export const titleOf = (step) => titles[step.idDocSetType] || titles[step.idDocSetType.replace(/\d$/, '')] || plain(step.idDocSetType);

export const labelOf = (name) => labels[name] || plain(name);

// forApplicant is a comment of the provider's with its one placeholder filled in.
export const forApplicant = (comment) => (comment || '').replaceAll('${clientSupportEmail}', 'the company’s support').trim();
