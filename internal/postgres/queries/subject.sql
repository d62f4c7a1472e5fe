-- SubjectRegistrations returns what an identity's applicant has begun, the registration last touched first: of a flow and
-- a case, or of any.
-- name: SubjectRegistrations :many
select sqlc.embed(r), q.created_at as request_created_at, v.level, v.review_status, v.review_answer, v.reject_type, v.read_at as verified_at
from identities i
join registrations r on r.applicant_id = i.applicant_id
left join customer_requests q on q.id = r.request_id
left join verifications v on v.registration_id = r.id
where i.issuer = @issuer
    and i.subject = @subject
    and (sqlc.narg(flow)::text is null or r.flow = sqlc.narg(flow)::text)
    and (sqlc.narg(case_name)::text is null or r.case_name = sqlc.narg(case_name)::text)
order by r.touched_at desc, r.id
limit 50;

-- name: RegistrationByID :one
select sqlc.embed(r), q.created_at as request_created_at, v.level, v.review_status, v.review_answer, v.reject_type, v.read_at as verified_at
from registrations r
left join customer_requests q on q.id = r.request_id
left join verifications v on v.registration_id = r.id
where r.id = @id;

-- ToldSubject returns whom the company knows an applicant as.
-- name: ToldSubject :one
select issuer, subject
from told_subjects
where applicant_id = @applicant_id;
