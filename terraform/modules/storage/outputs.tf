output "bucket" {
  description = "The bucket that is the store."
  value       = aws_s3_bucket.store.id
}

output "bucket_arn" {
  description = "Its ARN."
  value       = aws_s3_bucket.store.arn
}

output "key_arn" {
  description = "The key that encrypts artifacts, logs, queues and topics."
  value       = aws_kms_key.store.arn
}
