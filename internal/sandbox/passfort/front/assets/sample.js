// A customer request that lives in the page alone, to look at a theme with: it answers as the server does.
import { Refused } from '/collect/backend.js';

const countries = [
  { value: 'DEU', label: 'Germany' },
  { value: 'IRL', label: 'Ireland' },
  { value: 'NZL', label: 'New Zealand' },
  { value: 'GBR', label: 'United Kingdom' }
];

const details = {
  id: 'details',
  title: 'Your details',
  intro: 'As they stand in your identity document.',
  sections: [
    {
      title: '',
      questions: [
        { name: 'given_names', label: 'Given names', type: 'text', required: true, autocomplete: 'given-name' },
        { name: 'family_name', label: 'Family name', type: 'text', required: true, autocomplete: 'family-name' },
        { name: 'date_of_birth', label: 'Date of birth', hint: 'Year, month and day, such as 1990-03-27.', type: 'date', required: true, autocomplete: 'bday' },
        { name: 'nationality', label: 'Nationality', type: 'country', required: true, options: countries }
      ]
    },
    {
      title: 'How we reach you',
      questions: [
        { name: 'email', label: 'E-mail address', type: 'email', required: true },
        { name: 'phone', label: 'Phone number', hint: 'With the country code, such as +44 20 7946 0018.', type: 'phone', required: false },
        {
          name: 'occupation',
          label: 'What do you do?',
          type: 'choice',
          required: true,
          options: [
            { value: 'employed', label: 'I am employed' },
            { value: 'own', label: 'I work for myself' },
            { value: 'other', label: 'Something else' }
          ]
        },
        { name: 'tax_elsewhere', label: 'Do you pay taxes in another country?', type: 'yes_no', required: true },
        { name: 'remarks', label: 'Anything else we should know?', type: 'long_text', required: false }
      ]
    }
  ]
};

const identity = {
  id: 'identity',
  title: 'Your identity document',
  intro: 'We compare it with your details. Lay it on a dark ground, in good light.',
  sections: [
    {
      title: '',
      questions: [
        {
          name: 'identity_document',
          label: 'Identity document',
          hint: 'JPEG, PNG, WebP or PDF, up to 8 MB.',
          type: 'document',
          required: true,
          document_types: [
            { type: 'PASSPORT', label: 'Passport', elements: ['FRONT'] },
            { type: 'DRIVING_LICENCE', label: 'Driving licence', elements: ['FRONT', 'BACK', 'SELFIE'] }
          ]
        }
      ]
    }
  ]
};

const answers = {
  given_names: 'Ada Maria',
  family_name: 'Wolter',
  date_of_birth: '1990-03-27',
  nationality: 'DEU',
  email: 'ada@wolter.example',
  occupation: 'own',
  tax_elsewhere: 'no'
};

// sample makes the backend of a request with so many forms submitted; over makes it expired, waiting makes it wait for
// a check that never ends.
export function sample({ submitted = 0, over = false, waiting = false }) {
  const forms = structuredClone([details, identity]).map((form, i) => ({ ...form, state: 'SENT', submitted: i < submitted, editable: true }));
  const request = { title: 'Your registration', theme: 'sample', waiting, forms };
  const questions = () => request.forms.flatMap((form) => form.sections).flatMap((section) => section.questions);
  const answer = () => structuredClone(request);
  const known = submitted > 0 ? answers : {};
  questions().forEach((question) => (question.answer = known[question.name] || ''));
  if (submitted > 1) {
    questions().find((question) => question.type === 'document').document = { type: 'PASSPORT', received: ['FRONT'] };
  }
  return {
    async load() {
      if (over) {
        throw new Refused(410, { message: 'This request has expired.' });
      }
      return answer();
    },
    async draft() {},
    async submit(id, given) {
      const form = request.forms.find((one) => one.id === id);
      const own = form.sections.flatMap((section) => section.questions);
      const errors = own.filter((q) => q.required && !has(q, given)).map((q) => ({ field: q.name, message: wanting(q) }));
      if (errors.length > 0) {
        throw new Refused(422, { message: 'There is a problem', errors });
      }
      own.forEach((question) => (question.answer = given[question.name]));
      form.submitted = true;
      return answer();
    },
    async upload(id, name, side, type) {
      const question = questions().find((one) => one.name === name);
      const before = question.document?.type === type ? question.document.received : [];
      question.document = { type, received: [...before.filter((one) => one !== side), side] };
      return answer();
    },
    finish: async () => ({ redirect: 'none' })
  };
}

function has(question, given) {
  return question.type === 'document' ? question.document?.received.length > 0 : Boolean(given[question.name]);
}

function wanting(question) {
  return question.type === 'document' ? 'Add a picture of your document.' : `“${question.label}” needs an answer.`;
}
