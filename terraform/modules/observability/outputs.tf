output "function_log_groups" {
  description = "The functions' log groups, by function."
  value       = { for name, group in aws_cloudwatch_log_group.function : name => { name = group.name, arn = group.arn } }
}

output "job_log_group" {
  description = "The name of the jobs' log group."
  value       = aws_cloudwatch_log_group.jobs.name
}

output "dashboard" {
  description = "The dashboard's name."
  value       = aws_cloudwatch_dashboard.sclera.dashboard_name
}
