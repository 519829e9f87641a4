output "bucket" {
  description = "The bucket that is the store."
  value       = aws_s3_bucket.store.id
}

output "bucket_arn" {
  description = "Its ARN."
  value       = aws_s3_bucket.store.arn
}

output "logs_bucket" {
  description = "The bucket of access logs and of the trail; to be used once its policy stands."
  value       = aws_s3_bucket_policy.logs.bucket
}

output "key_arn" {
  description = "The key that encrypts artifacts, logs, queues and topics."
  value       = aws_kms_key.store.arn
}
