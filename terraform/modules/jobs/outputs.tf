output "queue" {
  description = "The job queue: its name and ARN (SCLERA_FINETUNE_BATCH_QUEUE)."
  value = {
    name = aws_batch_job_queue.finetune.name
    arn  = aws_batch_job_queue.finetune.arn
  }
}

output "definition" {
  description = "The ARN of the job definition without its revision, so that the newest one runs (SCLERA_FINETUNE_BATCH_DEFINITION)."
  value       = aws_batch_job_definition.finetune.arn_prefix
}

output "role_arn" {
  description = "The jobs' role."
  value       = aws_iam_role.job.arn
}
