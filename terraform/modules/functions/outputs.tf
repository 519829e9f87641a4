output "arns" {
  description = "The ARNs that callers call, by name: those of the alias."
  value       = { for name, alias in aws_lambda_alias.live : name => alias.arn }
}

output "names" {
  description = "The functions' names on Lambda with their alias, by name; for permissions, and to call them."
  value       = { for name, alias in aws_lambda_alias.live : name => "${alias.function_name}:${alias.name}" }
}

output "urls" {
  description = "The functions' URLs, by name; requests are signed (SigV4, service lambda)."
  value       = { for name, url in aws_lambda_function_url.function : name => url.function_url }
}

output "role_arns" {
  description = "The functions' roles, by name."
  value       = { for name, role in aws_iam_role.function : name => role.arn }
}

output "dead_letter_queue" {
  description = "The queue of events that no function could deal with: its name, ARN and URL."
  value = {
    name = aws_sqs_queue.dead.name
    arn  = aws_sqs_queue.dead.arn
    url  = aws_sqs_queue.dead.url
  }
}
